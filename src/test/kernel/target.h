/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KPT_TARGET_H
#define KPT_TARGET_H

#include <linux/wait.h>

extern wait_queue_head_t kpt_target_queue;
extern unsigned int kpt_target_releases;

/* Nothing the compiler knows about these may be used where they are called. */
#define KPT_PATCHABLE __attribute__((__noipa__))

int kpt_target_sleep(bool user);
const char *kpt_target_greeting(void);
int kpt_target_number(void);
int kpt_target_attempt(void);

/* Sleeps till the next release; a kernel thread cannot be woken by anything else. */
#define KPT_SLEEP(user) ({							\
	unsigned int seen = READ_ONCE(kpt_target_releases);			\
	int ret = 0;								\
										\
	if (user)								\
		ret = wait_event_interruptible(kpt_target_queue,		\
			READ_ONCE(kpt_target_releases) != seen);		\
	else									\
		wait_event_idle(kpt_target_queue,				\
			READ_ONCE(kpt_target_releases) != seen);		\
	ret;									\
})

#endif
