// Makes every flush to the disk take SLOW_SYNC_MICROSECONDS longer, as on a disk across a network.
// The flush itself still happens; the wait comes after it, so nothing is acknowledged sooner.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

static void wait_longer(void) {
    const char *text = getenv("SLOW_SYNC_MICROSECONDS");
    long microseconds = text ? atol(text) : 0;
    if (microseconds <= 0) return;
    struct timespec rest = {microseconds / 1000000, microseconds % 1000000 * 1000};
    int saved = errno;
    while (nanosleep(&rest, &rest) == -1 && errno == EINTR) {}
    errno = saved;
}

int fsync(int file) {
    static int (*real)(int);
    if (!real) real = dlsym(RTLD_NEXT, "fsync");
    int status = real(file);
    wait_longer();
    return status;
}

int fdatasync(int file) {
    static int (*real)(int);
    if (!real) real = dlsym(RTLD_NEXT, "fdatasync");
    int status = real(file);
    wait_longer();
    return status;
}

int msync(void *address, size_t length, int flags) {
    static int (*real)(void *, size_t, int);
    if (!real) real = dlsym(RTLD_NEXT, "msync");
    int status = real(address, length, flags);
    if (flags & MS_SYNC) wait_longer();
    return status;
}
