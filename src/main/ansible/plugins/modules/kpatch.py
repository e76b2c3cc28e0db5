#!/usr/bin/python
# SPDX-License-Identifier: Apache-2.0

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r'''
---
module: kpatch
short_description: Load, install and remove kernel patch modules
version_added: "1.0.0"
description:
  - Brings a kernel patch module (live patch) of the managed host into a state, by C(kpatch) for Java.
  - What is so already is not touched.
author: The kpatch developers (@kpatch)
options:
  name:
    description:
      - The name of the patch module, as C(kpatch list) shows it.
      - It has to be installed or loaded, unless C(state=absent).
    type: str
    aliases: [module]
  src:
    description:
      - The patch module's file on the managed host, by its absolute path. It may be compressed by gzip, xz or zstd.
      - In check mode it has to be there as well.
    type: path
  state:
    description:
      - C(loaded) has the running kernel patched by it, and, unless C(persistent=false), installed for that kernel.
      - C(installed) has it in the install DB, from which it is loaded at boot. What is loaded now stays as it is.
      - C(absent) has it neither installed nor loaded. For another kernel than the running one, that is not installed.
    type: str
    choices: [loaded, installed, absent]
    default: loaded
  persistent:
    description:
      - Whether C(state=loaded) installs it as well, so that it is loaded at every boot of this kernel.
      - If not, what is installed stays as it is.
    type: bool
    default: true
  kernel:
    description:
      - The kernel that C(state=installed) and C(state=absent) are about, a version as C(uname -r) prints it.
      - By default the running one.
    type: str
  hold:
    description:
      - Whether what is installed is on hold, that is, not loaded at boot.
      - Without this, that stays as it is. A patch module that is new is not on hold.
    type: bool
  timeout:
    description:
      - How many seconds to wait for the transition when it is loaded or unloaded.
      - Without this, C(kpatch) waits 75. A load that stalls is reverted.
    type: int
attributes:
  check_mode:
    description: Nothing is changed. It fails if the patch module would be refused.
    support: full
  diff_mode:
    description: Shows whether it is loaded and installed, before and after.
    support: full
  platform:
    description: Linux with livepatch.
    support: full
    platforms: linux
notes:
  - Of patch modules that replace each other name the newest only. An older one would be loaded on top of it.
  - A patch module that differs from the one that is loaded or installed by its name is refused.
    It needs a name of its own.
requirements:
  - kpatch for Java
seealso:
  - name: Livepatch
    description: The kernel's documentation. That of the program is its manual page, kpatch(8).
    link: https://docs.kernel.org/livepatch/livepatch.html
'''

EXAMPLES = r'''
- name: Patch the kernel now and at every boot of it
  kpatch.kpatch.kpatch:
    src: /root/fix.ko

- name: Patch it until the next boot
  kpatch.kpatch.kpatch:
    src: /root/fix.ko
    persistent: false

- name: Install it for a kernel that will be booted later
  kpatch.kpatch.kpatch:
    src: /root/fix-6.1.0-57.ko
    state: installed
    kernel: 6.1.0-57-amd64

- name: Keep an installed one from being loaded at boot
  kpatch.kpatch.kpatch:
    name: fix
    state: installed
    hold: true

- name: Back to the kernel as it was
  kpatch.kpatch.kpatch:
    name: fix
    state: absent
'''

RETURN = r'''
name:
  description: The name of the patch module, as the kernel has it.
  returned: unless it could not be found
  type: str
  sample: fix
kernel:
  description: The version of the kernel that this was about.
  returned: success
  type: str
  sample: 6.1.0-56-amd64
steps:
  description: What C(kpatch) did to the kernel and the install DB, in order.
  returned: always
  type: list
  elements: dict
  sample: [{"step": "install", "file": "/root/fix.ko", "kernel": "6.1.0-56-amd64"}]
notes:
  description: Sentences that are good to know.
  returned: always
  type: list
  elements: str
code:
  description:
    - The kind of a failure that C(kpatch) told, one of C(failed), C(internal), C(usage), C(no-such-module), C(refused),
      C(kernel-refused), C(stalled) and C(not-permitted).
  returned: failure
  type: str
  sample: refused
hint:
  description: What to do about a failure. It is in the message as well.
  returned: failure, where there is something
  type: str
  sample: get the build for that kernel
evidence:
  description: Lines that prove a failure, of the kernel's log, or the stacks of tasks.
  returned: failure
  type: list
  elements: str
findings:
  description: What C(kpatch check) found, in check mode.
  returned: failure, where the patch module could not be loaded
  type: list
  elements: dict
  sample: [{"verdict": "fail", "subject": "kernel", "sentence": "built for 6.1.0-55-amd64"}]
'''

import json
import os

from ansible.module_utils.basic import AnsibleModule

SCHEMA = 1


class PatchModule:
    """A patch module on this host, and what has been done about it."""

    def __init__(self, module):
        self.module = module
        self.params = module.params
        self.program = module.get_bin_path('kpatch', required=True)
        self.target = self.params['src'] or self.params['name']
        self.result = dict(changed=False, steps=[], notes=[])
        self.before = {}
        self.after = {}

    def ask(self, command, *arguments):
        """Runs the program. Its document has an error exactly if it failed."""
        words = [self.program, command, '--output=json'] + list(arguments)
        # where there are no files, of which a name might be taken for one
        status, out, err = self.module.run_command(words, cwd='/sys')
        try:
            document = json.loads(out)
        except ValueError:
            self.fail(dict(message='kpatch {0} ended with {1} and without JSON; is that kpatch for Java? {2}'.format(
                command, status, err.strip())))
        if document.get('schema') != SCHEMA:
            self.fail(dict(message='kpatch prints version {0} of its JSON, and this module knows {1}; update it'.format(
                document.get('schema'), SCHEMA)))
        return document

    def must(self, command, *arguments):
        """Runs the program, and fails if that does."""
        document = self.ask(command, *arguments)
        self.result['steps'] += document['steps']
        self.result['notes'] += document['notes']
        if 'error' in document:
            self.fail(document['error'], [f for f in document.get('findings', []) if f['verdict'] == 'fail'])
        return document

    def fail(self, error, findings=None):
        self.result.update((key, error[key]) for key in ('code', 'hint') if key in error)
        reasons = [error['hint']] if 'hint' in error else []
        if findings:
            self.result['findings'] = findings
            reasons = [finding['sentence'] for finding in findings]
        self.result['evidence'] = error.get('evidence', [])
        self.module.fail_json(msg='; '.join([error['message']] + reasons), **self.result)

    def refuse(self, sentence):
        self.fail(dict(message=sentence, code='usage'))

    def check_parameters(self):
        state = self.params['state']
        if self.params['src'] and not os.path.isabs(self.params['src']):
            self.refuse('src: {0} is no absolute path'.format(self.params['src']))
        if self.params['name'] is not None and '/' in self.params['name']:
            self.refuse('name: {0} is a path; a file goes into src'.format(self.params['name']))
        if self.params['kernel'] and state == 'loaded':
            self.refuse('kernel: goes with installed and absent; what is loaded is so in the running kernel')
        if self.params['hold'] is not None and (
                state == 'absent' or state == 'loaded' and not self.params['persistent']):
            self.refuse('hold: goes with what is to be installed')

    def bring(self):
        self.check_parameters()
        self.listing = self.must('list')
        if 'kernel' not in self.listing:
            self.fail(dict(message='kpatch does not tell which kernel runs; is /proc mounted, and kpatch current?'))
        self.kernel = self.result['kernel'] = self.params['kernel'] or self.listing['kernel']
        if self.params['state'] == 'absent':
            self.remove()
        else:
            where = [] if self.params['state'] == 'loaded' else ['-k', self.kernel]
            info = self.must('info', *(where + ['--', self.target]))
            self.name = self.result['name'] = info['module']
            if self.params['state'] == 'loaded':
                self.load(has_file='file' in info)
            if self.params['state'] == 'installed' or self.params['persistent']:
                self.install()
        if self.module._diff:
            self.result['diff'] = dict(before=self.before, after=self.after,
                                       before_header=self.name, after_header=self.name)
        self.module.exit_json(**self.result)

    def record(self, fact, before, after, changed):
        self.before[fact] = before
        self.after[fact] = after
        self.result['changed'] = self.result['changed'] or changed

    def state_in_kernel(self):
        for loaded in self.listing['loaded']:
            if loaded['module'] == self.name:
                return loaded['state']
        return 'no'

    def waiting(self):
        timeout = self.params['timeout']
        return [] if timeout is None else ['--timeout={0}'.format(timeout)]

    def load(self, has_file):
        before = self.state_in_kernel()
        changed = before != 'enabled'
        if not self.module.check_mode:
            changed = bool(self.must('load', *(self.waiting() + ['--', self.target]))['steps'])
        elif has_file:
            self.must('load', '--dry-run', '--', self.target)
        self.record('loaded', before, 'enabled', changed)

    def install(self):
        where = ['-k', self.kernel, '--', self.target]
        if self.module.check_mode:
            changed = self.must('install', '--dry-run', *where)['wouldInstall']
        else:
            changed = bool(self.must('install', *where)['steps'])
        self.record('installed', not changed, True, changed)
        if self.params['hold'] is not None:
            self.hold(is_new=changed)

    def hold(self, is_new):
        hold = self.params['hold']
        where = ['-k', self.kernel, '--', self.name]
        before = not is_new and self.must('info', *where)['onHold']
        if before != hold and not self.module.check_mode:
            self.must('hold' if hold else 'unhold', *where)
        self.record('hold', before, hold, before != hold)

    def remove(self):
        """From the install DB first: whatever becomes of the rest, no boot brings it back."""
        self.name = self.result['name'] = self.plain(self.params['name'])
        installed = was_installed = self.is_installed(self.params['name'])
        while installed and not self.module.check_mode:
            self.must('uninstall', '-k', self.kernel, '--', self.name)
            self.result['changed'] = True
            installed = self.is_installed(self.name)  # by another file name as well
        self.record('installed', was_installed, False, was_installed)
        if self.kernel == self.listing['kernel']:
            self.unload()

    def unload(self):
        before = self.state_in_kernel()
        if before != 'no' and not self.module.check_mode:
            self.must('unload', *(self.waiting() + ['--', self.name]))
        self.record('loaded', before, 'no', before != 'no')

    def is_installed(self, name):
        """Whether it is installed, by any of the names that kpatch knows it by; then its own name is known, too."""
        info = self.ask('info', '-k', self.kernel, '--', name)
        if 'error' not in info:
            self.name = self.result['name'] = info['module']
            return True
        if info['error']['code'] == 'no-such-module':
            return False
        if any(self.plain(name) == installed['module'] and self.kernel == installed['kernel']
               for installed in self.ask('list')['installed']):
            return True  # a broken file
        return self.fail(info['error'])

    @staticmethod
    def plain(name):
        return (name[:-3] if name.endswith('.ko') else name).replace('-', '_')


def main():
    module = AnsibleModule(
        argument_spec=dict(
            name=dict(type='str', aliases=['module']),
            src=dict(type='path'),
            state=dict(type='str', choices=['loaded', 'installed', 'absent'], default='loaded'),
            persistent=dict(type='bool', default=True),
            kernel=dict(type='str'),
            hold=dict(type='bool'),
            timeout=dict(type='int'),
        ),
        mutually_exclusive=[('name', 'src')],
        required_one_of=[('name', 'src')],
        required_if=[('state', 'absent', ['name'])],
        supports_check_mode=True,
    )
    PatchModule(module).bring()


if __name__ == '__main__':
    main()
