#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# dracut reads this into a shell of its own, which has more to do.
/usr/lib/kpatch/early-load
