// SPDX-License-Identifier: GPL-2.0
/*
 * A module that is no patch module, to be patched by some that are.
 *
 * /proc/kpt_target       a reader sleeps in kpt_target_sleep() till it is
 *                        released, or gets a signal. Understands, written to it:
 *                          kthread  start a kernel thread that sleeps there too,
 *                                   and can not be interrupted
 *                          release  wake all of them
 * /proc/kpt_target_info  shows what two more functions return
 * parameter "attempts"   counts the calls of kpt_target_attempt(); may be set
 */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>
#include "target.h"

DECLARE_WAIT_QUEUE_HEAD(kpt_target_queue);
EXPORT_SYMBOL_GPL(kpt_target_queue);
unsigned int kpt_target_releases;
EXPORT_SYMBOL_GPL(kpt_target_releases);

static int attempts;
module_param(attempts, int, 0644);

static DEFINE_MUTEX(kthread_lock);
static struct task_struct *sleeper;

int kpt_target_attempt(void)
{
	return ++attempts;
}
EXPORT_SYMBOL_GPL(kpt_target_attempt);

KPT_PATCHABLE int kpt_target_sleep(bool user)
{
	return KPT_SLEEP(user);
}

KPT_PATCHABLE const char *kpt_target_greeting(void)
{
	return "original";
}

KPT_PATCHABLE int kpt_target_number(void)
{
	return 1;
}

static int sleeper_main(void *unused)
{
	kpt_target_sleep(false);
	return 0;
}

static void release(void)
{
	WRITE_ONCE(kpt_target_releases, kpt_target_releases + 1);
	wake_up_all(&kpt_target_queue);
	mutex_lock(&kthread_lock);
	if (sleeper) {
		kthread_stop(sleeper);
		put_task_struct(sleeper);
		sleeper = NULL;
	}
	mutex_unlock(&kthread_lock);
}

static int start_sleeper(void)
{
	struct task_struct *task;
	int ret = -EALREADY;

	mutex_lock(&kthread_lock);
	if (!sleeper) {
		task = kthread_create(sleeper_main, NULL, "kpt_sleeper");
		ret = PTR_ERR_OR_ZERO(task);
		if (!ret) {
			sleeper = get_task_struct(task);
			wake_up_process(task);
		}
	}
	mutex_unlock(&kthread_lock);
	return ret;
}

static ssize_t target_read(struct file *file, char __user *buffer, size_t size, loff_t *position)
{
	int ret;

	if (*position)
		return 0;
	ret = kpt_target_sleep(true);
	return ret ? ret : simple_read_from_buffer(buffer, size, position, "released\n", 9);
}

static ssize_t target_write(struct file *file, const char __user *buffer, size_t size, loff_t *position)
{
	char word[16] = "";
	int ret = 0;

	if (size >= sizeof(word) || copy_from_user(word, buffer, size))
		return -EINVAL;
	strim(word);
	if (!strcmp(word, "kthread"))
		ret = start_sleeper();
	else if (!strcmp(word, "release"))
		release();
	else
		ret = -EINVAL;
	return ret ? ret : size;
}

static const struct proc_ops target_ops = {
	.proc_read = target_read,
	.proc_write = target_write,
	.proc_lseek = default_llseek,
};

static int info_show(struct seq_file *m, void *unused)
{
	seq_printf(m, "greeting=%s number=%d\n", kpt_target_greeting(), kpt_target_number());
	return 0;
}

static int __init target_init(void)
{
	if (!proc_create("kpt_target", 0644, NULL, &target_ops))
		return -ENOMEM;
	if (!proc_create_single("kpt_target_info", 0444, NULL, info_show)) {
		remove_proc_entry("kpt_target", NULL);
		return -ENOMEM;
	}
	return 0;
}

static void __exit target_exit(void)
{
	remove_proc_entry("kpt_target", NULL);
	remove_proc_entry("kpt_target_info", NULL);
	release();
}

module_init(target_init);
module_exit(target_exit);
MODULE_DESCRIPTION("Something to be patched");
MODULE_LICENSE("GPL");
