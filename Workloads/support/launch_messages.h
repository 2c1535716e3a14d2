/* Messages to the harness. Sending never waits: a harness that is stopped or busy would hold up the time limit, and one
 * that itself waits to send us something would wait for ever. What the socket does not take stands in a queue. */
#ifndef HEAPSCALE_LAUNCH_MESSAGES_H
#define HEAPSCALE_LAUNCH_MESSAGES_H

/* Beyond this the harness is taken for gone. */
#define MESSAGES_LIMIT (64u << 20)

struct queued_message {
  struct queued_message *next;
  size_t length;
  char bytes[];
};

static struct queued_message *first_message, **last_message = &first_message;
static size_t queued_bytes;
static bool harness_lost;

static bool send_now(int socket, const struct iovec *parts) {
  struct msghdr message = {.msg_iov = (struct iovec *)parts, .msg_iovlen = 2};
  ssize_t sent;
  do {
    sent = sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  } while (sent < 0 && errno == EINTR);
  if (sent < 0 && (errno == EAGAIN || errno == ENOBUFS || errno == ENOMEM)) return false;
  if (sent < 0) harness_lost = true;
  return true;
}

/* Sends what waits, as far as the socket takes it. */
static void flush_messages(int socket) {
  while (first_message) {
    struct queued_message *message = first_message;
    struct iovec parts[2] = {{message->bytes, message->length}, {NULL, 0}};
    if (!harness_lost && !send_now(socket, parts)) return;
    first_message = message->next;
    if (!first_message) last_message = &first_message;
    queued_bytes -= message->length;
    free(message);
  }
}

static void queue_message(int socket, const void *head, size_t head_length, const char *path, size_t path_length) {
  struct iovec parts[2] = {{(void *)head, head_length}, {(void *)path, path_length}};
  flush_messages(socket);
  if (harness_lost || (!first_message && send_now(socket, parts))) return;
  size_t length = head_length + path_length;
  struct queued_message *message = queued_bytes + length > MESSAGES_LIMIT ? NULL : malloc(sizeof *message + length);
  if (!message) {
    harness_lost = true; /* a message that is missing would be waited for */
    return;
  }
  message->next = NULL;
  message->length = length;
  memcpy(message->bytes, head, head_length);
  memcpy(message->bytes + head_length, path, path_length);
  *last_message = message;
  last_message = &message->next;
  queued_bytes += length;
}

#endif
