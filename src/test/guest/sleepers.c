// SPDX-License-Identifier: Apache-2.0
/* sleepers NUMBER: that many tasks, which sleep until they are killed. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void *sleeper(void *unused)
{
	for (;;)
		pause();
	return unused;
}

int main(int argc, char **argv)
{
	int number = argc > 1 ? atoi(argv[1]) : 0;
	pthread_attr_t small;
	pthread_t thread;

	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 16384);
	for (int i = 0; i < number; i++) {
		if (pthread_create(&thread, &small, sleeper, NULL)) {
			perror("sleepers");
			return 1;
		}
	}
	puts("asleep");
	fflush(stdout);
	sleeper(NULL);
}
