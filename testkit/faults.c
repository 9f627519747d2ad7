/* Faults of the system, for a program that is started with this in LD_PRELOAD.
 * The file that FAULTS names holds the switches; whoever started the program
 * writes into it. Each switch that is no clock is a number of faults to come,
 * but for the disk, which is full as long as its switch is on.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <time.h>
#include <unistd.h>

struct switches {
	_Atomic int64_t clock_seconds; /* added to the time of day */
	_Atomic int64_t failed_syncs;  /* of the store's thread */
	_Atomic int64_t store_panics;  /* of the store's thread */
	_Atomic int64_t port_panics;   /* of the task of a port */
	_Atomic int64_t undelayed;     /* counts connections with TCP_NODELAY */
	_Atomic int64_t full_disk;     /* no file takes a byte, but for databases */
};

static struct switches off;
static struct switches *switches = &off;
static _Thread_local int panics_next;

static int (*next_clock_gettime)(clockid_t, struct timespec *);
static int (*next_fdatasync)(int);
static int (*next_accept4)(int, struct sockaddr *, socklen_t *, int);
static int (*next_setsockopt)(int, int, int, const void *, socklen_t);
static ssize_t (*next_write)(int, const void *, size_t);

__attribute__((constructor)) static void start(void)
{
	next_clock_gettime = dlsym(RTLD_NEXT, "clock_gettime");
	next_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
	next_accept4 = dlsym(RTLD_NEXT, "accept4");
	next_setsockopt = dlsym(RTLD_NEXT, "setsockopt");
	next_write = dlsym(RTLD_NEXT, "write");
	const char *path = getenv("FAULTS");
	int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
	if (file < 0)
		return;
	void *shared = mmap(NULL, sizeof off, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	if (shared != MAP_FAILED)
		switches = shared;
	close(file);
}

/* Uses up one of the faults to come. */
static int takes(_Atomic int64_t *faults)
{
	int64_t left = atomic_load(faults);
	while (left > 0)
		if (atomic_compare_exchange_weak(faults, &left, left - 1))
			return 1;
	return 0;
}

static int is_store(void)
{
	char name[16] = "";
	prctl(PR_GET_NAME, name);
	return strcmp(name, "dynamodb") == 0;
}

/* Rust's standard library panics when the system gives no time. */
int clock_gettime(clockid_t clock, struct timespec *time)
{
	if (!next_clock_gettime)
		start();
	int is_asked = atomic_load(&switches->store_panics) > 0;
	if (panics_next || (is_asked && is_store() && takes(&switches->store_panics))) {
		panics_next = 0;
		errno = EINVAL;
		return -1;
	}
	int result = next_clock_gettime(clock, time);
	if (result == 0 && clock == CLOCK_REALTIME)
		time->tv_sec += atomic_load(&switches->clock_seconds);
	return result;
}

int fdatasync(int file)
{
	int is_asked = atomic_load(&switches->failed_syncs) > 0;
	if (is_asked && is_store() && takes(&switches->failed_syncs)) {
		errno = EIO;
		return -1;
	}
	return next_fdatasync(file);
}

/* The task that accepts logs this failure, and needs the time for that. */
int accept4(int listener, struct sockaddr *address, socklen_t *length, int flags)
{
	if (takes(&switches->port_panics)) {
		panics_next = 1;
		errno = EMFILE;
		return -1;
	}
	return next_accept4(listener, address, length, flags);
}

/* SQLite writes by pwrite. */
ssize_t write(int file, const void *bytes, size_t length)
{
	struct stat found;
	if (!next_write)
		start();
	if (atomic_load(&switches->full_disk) && fstat(file, &found) == 0 && S_ISREG(found.st_mode)) {
		errno = ENOSPC;
		return -1;
	}
	return next_write(file, bytes, length);
}

int setsockopt(int socket, int level, int name, const void *value, socklen_t length)
{
	if (level == IPPROTO_TCP && name == TCP_NODELAY && *(const int *)value)
		atomic_fetch_add(&switches->undelayed, 1);
	return next_setsockopt(socket, level, name, value, length);
}
