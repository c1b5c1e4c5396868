#include "faulty_disk.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

// A VFS that hands everything on to the one below it (https://www.sqlite.org/vfs.html), after the faults.

typedef struct {
    sqlite3_file base;
    const char *path;
    sqlite3_io_methods methods;
    // The file of the VFS below follows in the same allocation.
} faulty_file;

typedef struct {
    char path[512];
    int operation;
    int code;
    int milliseconds;
} fault;

static fault faults[32];
static atomic_int armed;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static sqlite3_vfs *below;
static sqlite3_vfs vfs;

static sqlite3_file *real(sqlite3_file *file) { return (sqlite3_file *)((faulty_file *)file + 1); }

static int suffer(sqlite3_file *file, int operation) {
    const char *path = ((faulty_file *)file)->path;
    if (atomic_load(&armed) == 0 || path == NULL) return SQLITE_OK;
    int code = SQLITE_OK, milliseconds = 0;
    pthread_mutex_lock(&mutex);
    for (int i = 0; i < 32; i++) {
        if (faults[i].path[0] && faults[i].operation == operation && strstr(path, faults[i].path)) {
            code = faults[i].code;
            milliseconds = faults[i].milliseconds;
        }
    }
    pthread_mutex_unlock(&mutex);
    if (milliseconds > 0) usleep((useconds_t)milliseconds * 1000);
    return code;
}

static int f_close(sqlite3_file *f) { return real(f)->pMethods->xClose(real(f)); }
static int f_read(sqlite3_file *f, void *p, int n, sqlite3_int64 o) {
    return real(f)->pMethods->xRead(real(f), p, n, o);
}
static int f_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 o) {
    int code = suffer(f, FAULTY_DISK_WRITE);
    return code ? code : real(f)->pMethods->xWrite(real(f), p, n, o);
}
static int f_truncate(sqlite3_file *f, sqlite3_int64 n) { return real(f)->pMethods->xTruncate(real(f), n); }
static int f_sync(sqlite3_file *f, int flags) {
    int code = suffer(f, FAULTY_DISK_SYNC);
    return code ? code : real(f)->pMethods->xSync(real(f), flags);
}
static int f_size(sqlite3_file *f, sqlite3_int64 *n) { return real(f)->pMethods->xFileSize(real(f), n); }
static int f_lock(sqlite3_file *f, int l) { return real(f)->pMethods->xLock(real(f), l); }
static int f_unlock(sqlite3_file *f, int l) { return real(f)->pMethods->xUnlock(real(f), l); }
static int f_reserved(sqlite3_file *f, int *r) { return real(f)->pMethods->xCheckReservedLock(real(f), r); }
static int f_control(sqlite3_file *f, int op, void *p) { return real(f)->pMethods->xFileControl(real(f), op, p); }
static int f_sector(sqlite3_file *f) { return real(f)->pMethods->xSectorSize(real(f)); }
static int f_device(sqlite3_file *f) { return real(f)->pMethods->xDeviceCharacteristics(real(f)); }
static int f_map(sqlite3_file *f, int i, int n, int e, void volatile **p) {
    return real(f)->pMethods->xShmMap(real(f), i, n, e, p);
}
static int f_shmlock(sqlite3_file *f, int o, int n, int flags) {
    return real(f)->pMethods->xShmLock(real(f), o, n, flags);
}
static void f_barrier(sqlite3_file *f) { real(f)->pMethods->xShmBarrier(real(f)); }
static int f_unmap(sqlite3_file *f, int d) { return real(f)->pMethods->xShmUnmap(real(f), d); }

static int v_open(sqlite3_vfs *v, sqlite3_filename name, sqlite3_file *file, int flags, int *out) {
    faulty_file *f = (faulty_file *)file;
    (void)v;
    memset(f, 0, sizeof *f);
    f->path = name;
    int code = below->xOpen(below, name, real(file), flags, out);
    if (real(file)->pMethods == NULL) return code;
    f->methods = (sqlite3_io_methods){
        real(file)->pMethods->iVersion < 2 ? 1 : 2, f_close, f_read, f_write, f_truncate, f_sync, f_size, f_lock,
        f_unlock, f_reserved, f_control, f_sector, f_device, f_map, f_shmlock, f_barrier, f_unmap, NULL, NULL,
    };
    f->base.pMethods = &f->methods;
    return code;
}

int faulty_disk_install(void) {
    int code = SQLITE_OK;
    pthread_mutex_lock(&mutex);
    if (below == NULL) {
        below = sqlite3_vfs_find(NULL);
        vfs = *below;
        vfs.zName = "faulty";
        vfs.szOsFile = (int)sizeof(faulty_file) + below->szOsFile;
        vfs.xOpen = v_open;
        code = sqlite3_vfs_register(&vfs, 1);
    }
    pthread_mutex_unlock(&mutex);
    return code;
}

static void forget(const char *path) {
    for (int i = 0; i < 32; i++) {
        if (strcmp(faults[i].path, path) == 0) {
            faults[i].path[0] = 0;
            atomic_fetch_sub(&armed, 1);
        }
    }
}

int faulty_disk_arm(const char *path, enum faulty_disk_operation operation, int code, int milliseconds) {
    int done = 0;
    if (path[0] == 0 || strlen(path) >= sizeof faults[0].path) return 0;
    pthread_mutex_lock(&mutex);
    forget(path);
    for (int i = 0; i < 32 && !done; i++) {
        if (faults[i].path[0]) continue;
        strcpy(faults[i].path, path);
        faults[i].operation = operation;
        faults[i].code = code;
        faults[i].milliseconds = milliseconds;
        atomic_fetch_add(&armed, 1);
        done = 1;
    }
    pthread_mutex_unlock(&mutex);
    return done;
}

void faulty_disk_disarm(const char *path) {
    pthread_mutex_lock(&mutex);
    forget(path);
    pthread_mutex_unlock(&mutex);
}
