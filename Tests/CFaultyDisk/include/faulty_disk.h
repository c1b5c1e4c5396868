#ifndef FAULTY_DISK_H
#define FAULTY_DISK_H

/// What a fault befalls.
enum faulty_disk_operation { FAULTY_DISK_WRITE = 1, FAULTY_DISK_SYNC = 2 };

/// Puts itself between SQLite and the disk for files opened from now on. Harmless when called again.
/// Returns a result code of SQLite.
int faulty_disk_install(void);

/// From now on, operations on files whose path contains `path` first take so many milliseconds, and then fail with
/// `code` unless it is 0. Replaces the fault that the path had. Returns 0 when there is no room for another.
int faulty_disk_arm(const char *path, enum faulty_disk_operation operation, int code, int milliseconds);

/// Ends the fault of a path.
void faulty_disk_disarm(const char *path);

#endif
