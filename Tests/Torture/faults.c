/* A library that lets calls of libc fail, preloaded into the harness by Scripts/torture. */
#define _GNU_SOURCE 1
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

/* Lets calls of libc fail: HS_FAULT=CALL:CHOICE:MODE, the CALLth of them, or with MODE 1 that and all later ones of the
 * same function. HS_FAULT_COUNT names a file that gets the number of calls. Only in the process that is started so. */
static atomic_long calls;
static long wanted, choice, mode, count_fd = -1;
static pid_t owner;
static const char *failing;

__attribute__((constructor)) static void begin(void) {
  const char *text = getenv("HS_FAULT"), *count = getenv("HS_FAULT_COUNT");
  owner = getpid();
  if (text) sscanf(text, "%ld:%ld:%ld", &wanted, &choice, &mode);
  if (count) count_fd = open(count, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  unsetenv("HS_FAULT");
  unsetenv("HS_FAULT_COUNT");
  unsetenv("LD_PRELOAD");
  atomic_store(&calls, 0);
}

__attribute__((destructor)) static void end(void) {
  if (count_fd >= 0 && getpid() == owner) dprintf((int)count_fd, "%ld\n", atomic_load(&calls));
}

static int fails(const char *name, const int *errors, int number) {
  if (!owner || getpid() != owner) return 0;
  long call = atomic_fetch_add(&calls, 1) + 1;
  if (!wanted || call < wanted) return 0;
  if (call == wanted) failing = name;
  if (call != wanted && (mode == 0 || !failing || strcmp(failing, name) != 0)) return 0;
  errno = errors[choice % number];
  if (errno == EINTR && mode) errno = errors[0]; /* nobody is interrupted for ever */
  return 1;
}

#define REAL(name, ...) static __typeof__(__VA_ARGS__) real; if (!real) real = (__typeof__(__VA_ARGS__))dlsym(RTLD_NEXT, name)
#define FAILS(name, ...) fails(name, (const int[]){__VA_ARGS__}, sizeof((int[]){__VA_ARGS__}) / sizeof(int))

#define OPENED(function) \
  int function(const char *path, int flags, ...) { \
    va_list rest; va_start(rest, flags); mode_t bits = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(rest, mode_t) : 0; va_end(rest); \
    REAL(#function, int (*)(const char *, int, ...)); \
    return FAILS(#function, EMFILE, ENFILE, EACCES, EIO, ENOMEM, ENOENT) ? -1 : real(path, flags, bits); }
OPENED(open)
OPENED(open64)

#define FAILING(type, function, parameters, arguments, ...) \
  type function parameters { \
    REAL(#function, type (*) parameters); \
    return FAILS(#function, __VA_ARGS__) ? (type)-1 : real arguments; }
FAILING(ssize_t, read, (int fd, void *to, size_t n), (fd, to, n), EIO, EINTR, ENOMEM)
FAILING(ssize_t, pread, (int fd, void *to, size_t n, off_t at), (fd, to, n, at), EIO, ENOMEM)
FAILING(ssize_t, pread64, (int fd, void *to, size_t n, off64_t at), (fd, to, n, at), EIO, ENOMEM)
FAILING(ssize_t, write, (int fd, const void *from, size_t n), (fd, from, n), ENOSPC, EIO, EINTR, EDQUOT, EFBIG)
FAILING(ssize_t, pwrite, (int fd, const void *from, size_t n, off_t at), (fd, from, n, at), ENOSPC, EIO, EFBIG)
FAILING(ssize_t, pwrite64, (int fd, const void *from, size_t n, off64_t at), (fd, from, n, at), ENOSPC, EIO, EFBIG)
FAILING(int, fsync, (int fd), (fd), EIO, ENOSPC)
FAILING(int, fdatasync, (int fd), (fd), EIO, ENOSPC)
FAILING(int, ftruncate, (int fd, off_t n), (fd, n), EIO, EFBIG, ENOSPC)
FAILING(int, ftruncate64, (int fd, off64_t n), (fd, n), EIO, EFBIG, ENOSPC)
FAILING(int, mkdir, (const char *path, mode_t bits), (path, bits), ENOSPC, EACCES, EROFS)
FAILING(int, rename, (const char *from, const char *to), (from, to), ENOSPC, EACCES, EXDEV)
FAILING(int, unlink, (const char *path), (path), EACCES, EIO)
FAILING(int, memfd_create, (const char *name, unsigned flags), (name, flags), EMFILE, ENOMEM)
FAILING(int, pipe2, (int ends[2], int flags), (ends, flags), EMFILE, ENFILE)
FAILING(int, socketpair, (int a, int b, int c, int ends[2]), (a, b, c, ends), EMFILE, ENOBUFS)
FAILING(ssize_t, sendmsg, (int fd, const struct msghdr *m, int flags), (fd, m, flags), EPIPE, ENOBUFS, EINTR)
FAILING(ssize_t, recvmsg, (int fd, struct msghdr *m, int flags), (fd, m, flags), ECONNRESET, EINTR, ENOMEM)
FAILING(pid_t, fork, (void), (), EAGAIN, ENOMEM)

/* Returns its error instead of setting errno. */
int posix_spawn(pid_t *pid, const char *path, const void *actions, const void *attributes, char *const *argv, char *const *envp) {
  REAL("posix_spawn", int (*)(pid_t *, const char *, const void *, const void *, char *const *, char *const *));
  return FAILS("posix_spawn", EAGAIN, ENOMEM, EMFILE) ? errno : real(pid, path, actions, attributes, argv, envp);
}
