// SPDX-License-Identifier: Apache-2.0
//
// Both ends of the line between scripts/vm and the machine it boots.
//
//   vm-io host [OPTION...] -- QEMU ARG... -- COMMAND ARG...
//       starts QEMU and passes stdin, stdout, stderr and the exit status
//   vm-io guest
//       is process 1 of the guest: runs the command it is sent
//
// One virtio-serial port carries everything, in frames: a type byte, a
// length of four bytes (little endian), the data. Since the exit status
// travels behind the output, nothing is lost when the host then simply
// kills the machine.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum {
	ARGUMENT = 'A', VARIABLE = 'V', DIRECTORY = 'D', SHARE = 'M',	// before the command starts
	TERMINAL = 'T', GO = 'G',
	INPUT = 'I', WINDOW = 'W',					// host to guest
	READY = 'R', OUTPUT = 'O', ERROR = 'E', STATUS = 'X',		// guest to host
};

#define HEADER 5
#define BLOCK 16384
#define NO_STATUS 125	// the machine went away without telling
#define TIMED_OUT 124
#define ESCAPE 0x1d	// Ctrl-]

struct buffer {
	unsigned char *data;
	size_t start, end, size;
};

static void fail(const char *format, ...)
{
	va_list args;

	fputs("vm: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(NO_STATUS);
}

static void *allocate(void *old, size_t size)
{
	void *p = realloc(old, size);

	if (!p)
		fail("out of memory");
	return p;
}

static int64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static void append(struct buffer *b, const void *data, size_t n)
{
	if (b->start == b->end)
		b->start = b->end = 0;
	if (b->end + n > b->size) {
		b->size = (b->end + n) * 2;
		b->data = allocate(b->data, b->size);
	}
	memcpy(b->data + b->end, data, n);
	b->end += n;
}

static size_t pending(const struct buffer *b)
{
	return b->end - b->start;
}

static void frame(struct buffer *b, char type, const void *data, uint32_t n)
{
	unsigned char head[HEADER] = { type, n, n >> 8, n >> 16, n >> 24 };

	append(b, head, HEADER);
	append(b, data, n);
}

// The length of the whole frame at the start of the buffer, 0 if it is not complete.
static size_t complete(const struct buffer *b)
{
	const unsigned char *p = b->data + b->start;
	size_t n;

	if (pending(b) < HEADER)
		return 0;
	n = HEADER + (p[1] | p[2] << 8 | p[3] << 16 | (size_t)p[4] << 24);
	return pending(b) < n ? 0 : n;
}

static int write_all(int fd, const void *data, size_t n)
{
	const char *p = data;

	while (n > 0) {
		ssize_t done = write(fd, p, n);

		if (done < 0 && errno == EAGAIN) {
			struct pollfd wait = { fd, POLLOUT, 0 };
			poll(&wait, 1, -1);
		} else if (done < 0 && errno != EINTR) {
			return -1;
		} else if (done > 0) {
			p += done;
			n -= done;
		}
	}
	return 0;
}

// Writes what a non-blocking descriptor takes; -1 when nobody reads it any more.
static int flush(int fd, struct buffer *b)
{
	while (pending(b)) {
		ssize_t done = write(fd, b->data + b->start, pending(b));

		if (done < 0)
			return errno == EAGAIN || errno == EINTR ? 0 : -1;
		b->start += done;
	}
	return 0;
}

static void nonblocking(int fd)
{
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

// ---------------------------------------------------------------- host

static volatile sig_atomic_t caught, resized;
static struct termios saved_terminal;
static int terminal_changed;

static void on_signal(int number)
{
	if (number == SIGWINCH)
		resized = 1;
	else
		caught = number;
}

static void restore_terminal(void)
{
	if (terminal_changed)
		tcsetattr(0, TCSANOW, &saved_terminal);
	terminal_changed = 0;
}

static void window_frame(struct buffer *b)
{
	struct winsize size;

	if (ioctl(0, TIOCGWINSZ, &size) == 0)
		frame(b, WINDOW, &size, sizeof size);
}

static pid_t start_qemu(char **qemu, int line, int console)
{
	pid_t parent = getpid(), pid = fork();

	if (pid < 0)
		fail("fork: %s", strerror(errno));
	if (pid)
		return pid;
	// Whatever kills us, even SIGKILL, takes the machine along.
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(NO_STATUS);
	setpgid(0, 0);
	line = fcntl(line, F_DUPFD, 10);
	console = fcntl(console, F_DUPFD, 10);
	dup2(line, 3);
	dup2(console, 4);
	close(line);
	close(console);
	dup2(open("/dev/null", O_RDONLY), 0);
	dup2(2, 1);
	execvp(qemu[0], qemu);
	fprintf(stderr, "vm: cannot start %s: %s\n", qemu[0], strerror(errno));
	_exit(NO_STATUS);
}

static void show_console(int console)
{
	static char text[6000];
	off_t size = lseek(console, 0, SEEK_END), from = size > (off_t)sizeof text ? size - (off_t)sizeof text : 0;
	ssize_t n = pread(console, text, sizeof text, from);
	char *p = text;

	if (n <= 0) {
		fputs("vm: its console shows nothing\n", stderr);
		return;
	}
	if (from)
		while (p < text + n && *p++ != '\n')
			;
	fputs("vm: the end of its console:\n", stderr);
	for (; p < text + n; p++)
		if (*p != '\r')
			fputc(*p, stderr);
	if (text[n - 1] != '\n')
		fputc('\n', stderr);
}

static int host(int argc, char **argv)
{
	struct buffer in = { 0 }, out = { 0 };
	int line[2], console = -1, raw, timeout = 0, boot_timeout = 0, ready = 0, status = -1, escapes = 0;
	int stdin_open = 1, late = 0, i, split;
	int64_t begin = now(), deadline;
	pid_t qemu;
	struct sigaction action = { .sa_handler = on_signal };

	raw = isatty(0) && isatty(1);
	for (i = 0; i + 1 < argc && strcmp(argv[i], "--"); i += 2) {
		char *value = argv[i + 1];

		if (!strcmp(argv[i], "--timeout"))
			timeout = atoi(value);
		else if (!strcmp(argv[i], "--boot-timeout"))
			boot_timeout = atoi(value);
		else if (!strcmp(argv[i], "--console"))
			console = open(value, O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0644);
		else if (!strcmp(argv[i], "--cwd"))
			frame(&out, DIRECTORY, value, strlen(value) + 1);
		else if (!strcmp(argv[i], "--env"))
			frame(&out, VARIABLE, value, strlen(value) + 1);
		else if (!strcmp(argv[i], "--share"))
			frame(&out, SHARE, value, strlen(value) + 1);
		else
			fail("unknown option %s", argv[i]);
	}
	for (split = i + 1; split < argc && strcmp(argv[split], "--"); split++)
		;
	if (split >= argc - 1)
		fail("no command");
	argv[split] = NULL;
	for (int a = split + 1; a < argc; a++)
		frame(&out, ARGUMENT, argv[a], strlen(argv[a]) + 1);
	if (raw) {
		frame(&out, TERMINAL, "", 0);
		window_frame(&out);
	}
	frame(&out, GO, "", 0);

	if (console < 0)
		console = memfd_create("console", MFD_CLOEXEC);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, line) || console < 0)
		fail("%s", strerror(errno));
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	sigaction(SIGQUIT, &action, NULL);
	sigaction(SIGWINCH, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	qemu = start_qemu(argv + i + 1, line[1], console);
	close(line[1]);
	nonblocking(line[0]);
	if (raw && tcgetattr(0, &saved_terminal) == 0) {
		struct termios t = saved_terminal;

		cfmakeraw(&t);
		tcsetattr(0, TCSANOW, &t);
		terminal_changed = 1;
		atexit(restore_terminal);
	}

	while (status < 0 && !caught) {
		struct pollfd fds[2] = {
			{ line[0], POLLIN | (pending(&out) ? POLLOUT : 0), 0 },
			{ stdin_open && !pending(&out) ? 0 : -1, POLLIN, 0 },
		};
		unsigned char block[BLOCK];
		int limit = ready || !boot_timeout ? timeout : boot_timeout;
		int64_t left = -1;
		size_t length;

		if (limit) {
			deadline = begin + limit * 1000LL;
			left = deadline - now();
			if (left <= 0) {
				status = TIMED_OUT;
				late = 1;
				break;
			}
		}
		if (resized) {
			resized = 0;
			if (raw)
				window_frame(&out);
		}
		if (poll(fds, 2, left) < 0 && errno != EINTR)
			fail("poll: %s", strerror(errno));
		if (fds[0].revents & (POLLIN | POLLHUP | POLLERR)) {
			ssize_t n = read(line[0], block, sizeof block);

			if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
				break;
			if (n > 0)
				append(&in, block, n);
		}
		while (status < 0 && (length = complete(&in))) {
			unsigned char *data = in.data + in.start + HEADER;
			size_t n = length - HEADER;

			switch (data[-HEADER]) {
			case READY:
				ready = 1;
				break;
			case OUTPUT:	// somebody who stops reading does not stop the command
				write_all(1, data, n);
				break;
			case ERROR:
				write_all(2, data, n);
				break;
			case STATUS:
				status = data[0];
				break;
			}
			in.start += length;
		}
		if (fds[1].revents) {
			ssize_t n = read(0, block, sizeof block);

			if (n < 0 && (errno == EINTR || errno == EAGAIN))
				continue;
			if (n <= 0) {
				n = 0;
				stdin_open = 0;
			}
			if (raw)
				for (ssize_t k = 0; k < n; k++) {
					escapes = block[k] == ESCAPE ? escapes + 1 : 0;
					if (escapes == 2)
						caught = SIGTERM;
				}
			frame(&out, INPUT, block, n);
		}
		if (pending(&out) && flush(line[0], &out) < 0)
			break;
	}

	restore_terminal();
	kill(qemu, SIGKILL);
	// Not for ever: with a KVM that hangs, it may not even be possible to kill it.
	for (i = 0; i < 300 && waitpid(qemu, NULL, WNOHANG) == 0; i++)
		usleep(i ? 10000 : 1000);
	if (caught)
		return 128 + caught;
	if (late) {
		fprintf(stderr, ready ? "vm: ended after %d seconds\n" : "vm: did not boot within %d seconds\n",
			ready || !boot_timeout ? timeout : boot_timeout);
		if (!ready)
			show_console(console);
	}
	if (status < 0) {
		fputs("vm: the machine ended without an exit status\n", stderr);
		show_console(console);
		return NO_STATUS;
	}
	return status;
}

// ---------------------------------------------------------------- guest

static int open_port(void)
{
	DIR *ports;
	struct dirent *entry;
	char path[300];

	for (int tries = 0; tries < 500; tries++, usleep(10000)) {
		ports = opendir("/sys/class/virtio-ports");
		while (ports && (entry = readdir(ports))) {
			int fd;

			if (entry->d_name[0] == '.')
				continue;
			snprintf(path, sizeof path, "/dev/%s", entry->d_name);
			fd = open(path, O_RDWR | O_CLOEXEC);
			if (fd >= 0) {
				closedir(ports);
				return fd;
			}
		}
		if (ports)
			closedir(ports);
	}
	fail("no virtio port");
	return -1;
}

static void make_directories(const char *path)
{
	char *copy = strdup(path);

	for (char *p = copy + 1; *p; p++)
		if (*p == '/') {
			*p = 0;
			mkdir(copy, 0755);
			*p = '/';
		}
	mkdir(copy, 0755);
	free(copy);
}

static void mount_share(const char *path, int number)
{
	char tag[16];

	snprintf(tag, sizeof tag, "share%d", number);
	make_directories(path);
	if (mount(tag, path, "9p", 0, "trans=virtio,version=9p2000.L,msize=524288,cache=mmap"))
		fail("cannot mount %s: %s", path, strerror(errno));
}

static int open_pty(struct winsize *size, char *name, size_t name_size)
{
	int zero = 0, number, fd = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (fd < 0 || ioctl(fd, TIOCSPTLCK, &zero) || ioctl(fd, TIOCGPTN, &number))
		fail("no terminal: %s", strerror(errno));
	ioctl(fd, TIOCSWINSZ, size);
	snprintf(name, name_size, "/dev/pts/%d", number);
	return fd;
}

static pid_t start_command(char **args, const char *directory, const char *terminal, int in, int out, int err)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	setsid();
	if (terminal) {
		in = out = err = open(terminal, O_RDWR);
		ioctl(in, TIOCSCTTY, 0);
	}
	dup2(in, 0);
	dup2(out, 1);
	dup2(err, 2);
	if (in > 2)
		close(in);
	signal(SIGPIPE, SIG_DFL);
	if (chdir(directory))
		fprintf(stderr, "vm: %s: %s\n", directory, strerror(errno));
	else {
		execvp(args[0], args);
		fprintf(stderr, "vm: %s: %s\n", args[0], strerror(errno));
	}
	_exit(errno == ENOENT ? 127 : 126);
}

static void on_child(int number)
{
	(void)number;	// only there to interrupt poll
}

static _Noreturn void guest(void)
{
	struct buffer in = { 0 }, out = { 0 }, input = { 0 };
	struct winsize size = { 24, 80, 0, 0 };
	char *directory = strdup("/"), **args = NULL, terminal[40];
	int count = 0, shares = 0, use_terminal = 0, going = 0, input_ended = 0, code = -1;
	int port, pipes[3][2], sink = -1, source[2] = { -1, -1 };
	int64_t until = 0;
	pid_t command = -1;
	struct sigaction action = { .sa_handler = on_child };
	sigset_t child, before;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigaction(SIGCHLD, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	port = open_port();
	frame(&out, READY, "", 0);
	for (;;) {
		struct pollfd fds[4] = {
			{ pending(&input) ? -1 : port, POLLIN, 0 },
			{ pending(&input) ? sink : -1, POLLOUT, 0 },
			{ source[0], POLLIN, 0 },
			{ source[1], POLLIN, 0 },
		};
		struct timespec patience = { 0, 200 * 1000000L };
		unsigned char block[BLOCK];
		size_t length;
		pid_t pid;
		int wait_status, k;

		if (pending(&out) && write_all(port, out.data + out.start, pending(&out)))
			fail("cannot write to the host: %s", strerror(errno));
		out.start = out.end;
		if (code >= 0 && ((source[0] < 0 && source[1] < 0) || now() > until))
			break;
		// SIGCHLD arrives only while ppoll waits, so none is missed between.
		sigprocmask(SIG_BLOCK, &child, &before);
		while ((pid = waitpid(-1, &wait_status, WNOHANG)) > 0)
			if (pid == command) {
				code = WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
				kill(-1, SIGKILL);
				until = now() + 2000;
			}
		ppoll(fds, 4, code >= 0 ? &patience : NULL, &before);
		sigprocmask(SIG_SETMASK, &before, NULL);

		if (fds[0].revents & (POLLIN | POLLHUP)) {
			ssize_t n = read(port, block, sizeof block);

			if (n > 0)
				append(&in, block, n);
			else
				usleep(5000);	// the host has not connected yet
		}
		while ((length = complete(&in))) {
			unsigned char *data = in.data + in.start + HEADER;
			size_t n = length - HEADER;

			switch (data[-HEADER]) {
			case ARGUMENT:
				args = allocate(args, (count + 2) * sizeof *args);
				args[count++] = strdup((char *)data);
				args[count] = NULL;
				break;
			case VARIABLE:
				putenv(strdup((char *)data));
				break;
			case DIRECTORY:
				directory = strdup((char *)data);
				break;
			case SHARE:
				mount_share((char *)data, shares++);
				break;
			case TERMINAL:
				use_terminal = 1;
				break;
			case WINDOW:
				if (n == sizeof size)
					memcpy(&size, data, n);
				if (going && use_terminal)
					ioctl(sink, TIOCSWINSZ, &size);
				break;
			case INPUT:
				if (n == 0)
					input_ended = 1;
				else if (sink >= 0)
					append(&input, data, n);
				break;
			case GO:
				going = 1;
				if (use_terminal) {
					sink = open_pty(&size, terminal, sizeof terminal);
					source[0] = dup(sink);
					fcntl(source[0], F_SETFD, FD_CLOEXEC);
					command = start_command(args, directory, terminal, -1, -1, -1);
				} else {
					for (k = 0; k < 3; k++)
						if (pipe2(pipes[k], O_CLOEXEC))
							fail("pipe: %s", strerror(errno));
					command = start_command(args, directory, NULL, pipes[0][0], pipes[1][1], pipes[2][1]);
					close(pipes[0][0]);
					close(pipes[1][1]);
					close(pipes[2][1]);
					sink = pipes[0][1];
					source[0] = pipes[1][0];
					source[1] = pipes[2][0];
				}
				nonblocking(sink);
				break;
			}
			in.start += length;
		}
		if (pending(&input) && flush(sink, &input) < 0)
			input_ended = 1, input.start = input.end;
		if (input_ended && sink >= 0 && !pending(&input) && !use_terminal) {
			close(sink);
			sink = -1;
		}
		for (k = 0; k < 2; k++)
			if (fds[2 + k].revents && source[k] >= 0) {
				ssize_t n = read(source[k], block, sizeof block);

				if (n > 0) {
					frame(&out, k ? ERROR : OUTPUT, block, n);
				} else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
					// A terminal reads EIO whenever nobody has it open: only its end ends it.
					if (use_terminal && code < 0)
						usleep(20000);
					else {
						close(source[k]);
						source[k] = -1;
					}
				}
			}
	}
	sync();
	frame(&out, STATUS, &(unsigned char){ code }, 1);
	write_all(port, out.data + out.start, pending(&out));
	for (;;)	// the host ends the machine
		pause();
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "host"))
		return host(argc - 2, argv + 2);
	if (argc > 1 && !strcmp(argv[1], "guest"))
		guest();
	fail("usage: vm-io host|guest ...");
}
