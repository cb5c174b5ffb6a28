#include "broker/server/output_queue.h"

#include <fmt/core.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace omashu::broker {
namespace {

constexpr size_t kMaxPartsAtOnce = 64;
constexpr size_t kMaxBytesInARow = 4 << 20;
constexpr size_t kCopyBytes = 64 << 10;

bool is_full() { return errno == EAGAIN || errno == EWOULDBLOCK; }

std::unexpected<Error> send_error() { return fail(ErrorCode::kIo, fmt::format("sending: {}", std::strerror(errno))); }

// For files that are none to the kernel, as those of tests.
Result<size_t> send_copied(int socket, const FileSlice& slice) {
  std::array<char, kCopyBytes> copy;
  const std::span<char> some(copy.data(), std::min<size_t>(copy.size(), slice.size_bytes));
  if (auto read = slice.file->read_all(slice.position, some); !read) return fail(std::move(read).error());
  const ssize_t count = ::send(socket, some.data(), some.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (count < 0) return is_full() ? Result<size_t>(0) : send_error();
  return static_cast<size_t>(count);
}

}  // namespace

void OutputQueue::push(Answer answer) {
  const size_t end = answer.frame.bytes.size();
  size_t from = 0;
  const auto push_bytes = [&](size_t to) {
    if (to == from) return;
    memory_bytes_ += to - from;
    const bool is_all = from == 0 && to == end;
    parts_.push_back(Bytes{is_all ? std::move(answer.frame.bytes) : answer.frame.bytes.substr(from, to - from)});
    from = to;
  };
  for (size_t i = 0; i < answer.slices.size(); ++i) {
    push_bytes(answer.frame.gaps[i].position);
    parts_.push_back(std::move(answer.slices[i]));
  }
  push_bytes(end);
}

Result<OutputQueue::Progress> OutputQueue::send_to(int socket) {
  size_t total = 0;
  while (!parts_.empty()) {
    if (total >= kMaxBytesInARow) return Progress::kPause;
    auto* slice = std::get_if<FileSlice>(&parts_.front());
    const auto count = slice != nullptr ? send_slice(socket, *slice) : send_bytes(socket);
    if (!count) return fail(count.error());
    if (*count == 0) return Progress::kFull;
    total += *count;
    drop_sent(*count);
  }
  return Progress::kDone;
}

Result<size_t> OutputQueue::send_bytes(int socket) {
  std::array<iovec, kMaxPartsAtOnce> vectors;
  size_t used = 0;
  bool slice_follows = false;
  for (Part& part : parts_) {
    auto* bytes = std::get_if<Bytes>(&part);
    slice_follows = bytes == nullptr;
    if (bytes == nullptr || used == vectors.size()) break;
    vectors[used++] = {bytes->bytes.data() + bytes->sent, bytes->bytes.size() - bytes->sent};
  }
  msghdr message{};
  message.msg_iov = vectors.data();
  message.msg_iovlen = used;
  // With the slice in one packet, where both fit.
  const ssize_t count = ::sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL | (slice_follows ? MSG_MORE : 0));
  if (count < 0) return is_full() ? Result<size_t>(0) : send_error();
  return static_cast<size_t>(count);
}

Result<size_t> OutputQueue::send_slice(int socket, FileSlice& slice) {
  const int file = slice.file->native_fd();
  if (file < 0) return send_copied(socket, slice);
  auto position = static_cast<off_t>(slice.position);
  const ssize_t count = ::sendfile(socket, file, &position, slice.size_bytes);
  if (count < 0) return is_full() ? Result<size_t>(0) : send_error();
  if (count == 0) return fail(ErrorCode::kCorrupt, "a segment file ends before its records");
  return static_cast<size_t>(count);
}

void OutputQueue::drop_sent(size_t count) {
  if (auto* slice = std::get_if<FileSlice>(&parts_.front())) {
    slice->position += count;
    slice->size_bytes -= static_cast<uint32_t>(count);
    if (slice->size_bytes == 0) parts_.pop_front();
    return;
  }
  memory_bytes_ -= count;
  while (count > 0) {
    auto& bytes = std::get<Bytes>(parts_.front());
    const size_t some = std::min(count, bytes.bytes.size() - bytes.sent);
    bytes.sent += some;
    count -= some;
    if (bytes.sent == bytes.bytes.size()) parts_.pop_front();
  }
}

}  // namespace omashu::broker
