#define _GNU_SOURCE 1
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "CLinux.h"

#define MAXIMUM_DESCRIPTORS 16

int hs_send_request(int socket, uint32_t kind, int32_t pid, const int *descriptors, int count) {
  union {
    struct cmsghdr head;
    char bytes[CMSG_SPACE(sizeof(int) * MAXIMUM_DESCRIPTORS)];
  } control;
  struct hs_launch_request request = {HS_LAUNCH_VERSION, kind, pid};
  struct iovec part = {&request, sizeof request};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  if (count < 0 || count > MAXIMUM_DESCRIPTORS) return -EINVAL;
  if (count) {
    memset(&control, 0, sizeof control);
    message.msg_control = control.bytes;
    message.msg_controllen = CMSG_SPACE(sizeof(int) * (size_t)count);
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof(int) * (size_t)count);
    memcpy(CMSG_DATA(head), descriptors, sizeof(int) * (size_t)count);
  }
  for (int attempt = 0;; attempt++) {
    if (sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0) return 0;
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return -errno;
    struct pollfd polled = {socket, POLLOUT, 0};
    if (attempt > 100 || poll(&polled, 1, HS_SEND_PATIENCE_MS) == 0) return -ETIMEDOUT;
  }
}

int hs_receive_event(int socket, struct hs_launch_event *event, char path[HS_LAUNCH_PATH_BYTES]) {
  struct iovec parts[2] = {{event, sizeof *event}, {path, HS_LAUNCH_PATH_BYTES - 1}};
  struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
  ssize_t received;
  do {
    received = recvmsg(socket, &message, MSG_DONTWAIT);
  } while (received < 0 && errno == EINTR);
  if (received < 0) return -errno;
  if (received == 0) return 0;
  if (received < (ssize_t)sizeof *event || event->version != HS_LAUNCH_VERSION) return -EPROTO;
  path[received - (ssize_t)sizeof *event] = 0;
  return 1;
}
