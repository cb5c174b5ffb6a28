// What is still to be sent on a connection: answers in memory, and parts of files, which go from the page cache to the
// socket without being copied (sendfile). Knows sockets, but does not wait for them.

#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <variant>

#include "broker/handler/reply.h"
#include "omashu/result.h"

namespace omashu::broker {

class OutputQueue {
 public:
  void push(Answer answer);

  bool is_empty() const { return parts_.empty(); }
  uint64_t memory_bytes() const { return memory_bytes_; }  // of answers in memory

  enum class Progress {
    kDone,   // everything is sent
    kFull,   // the socket takes no more for now
    kPause,  // it would take more, but others have their turn
  };
  // kIo where the connection is gone, or a file cannot be read: nothing more can be sent then.
  Result<Progress> send_to(int socket);

 private:
  struct Bytes {
    std::string bytes;
    size_t sent = 0;
  };
  using Part = std::variant<Bytes, FileSlice>;

  // How many bytes went out; 0 where the socket is full.
  Result<size_t> send_bytes(int socket);
  static Result<size_t> send_slice(int socket, FileSlice& slice);
  void drop_sent(size_t count);

  std::deque<Part> parts_;
  uint64_t memory_bytes_ = 0;
};

}  // namespace omashu::broker
