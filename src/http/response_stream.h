// The way back for an answer that is sent piece by piece, however long it gets: Exchange::begin() makes it.
//
// It must be gone before its server is destroyed. Thread-safe.

#pragma once

#include <functional>
#include <memory>
#include <string>

namespace omashu::http {

class ResponseStream {
 public:
  // Without end() before it, the connection is cut, so that the client sees that the answer is not whole.
  virtual ~ResponseStream() = default;

  // Queues a piece, from any thread and without waiting; a shared one is queued without a copy, for many streams at
  // once. False: as much is queued as may be (ServerOptions::max_stream_bytes), so the writer stops until on_drained is
  // called; or the stream is not open any more, and the piece was dropped.
  virtual bool write(std::string piece) = 0;
  virtual bool write(std::shared_ptr<const std::string> piece) = 0;

  // The answer is whole. The listener hears nothing more.
  virtual void end() = 0;

  // Gives the connection up at once, whatever is queued. The listener hears nothing more.
  virtual void cut() = 0;

  // False from a write() that was false until on_drained is called.
  virtual bool has_room() const = 0;
  virtual bool is_open() const = 0;  // the client is there, and neither end() nor cut() was called
  virtual size_t queued_bytes() const = 0;
};

// Called on the connection's thread, which must not be kept waiting, one at a time. The other threads do not wait for
// it: on_drained may come before the write() that was false has returned, and each of them before begin() has. No
// function of a stream calls them, so they may take locks under which streams are written to.
struct StreamListener {
  std::function<void()> on_drained = {};  // there is room again after write() was false
  std::function<void()> on_closing = {};  // the server stops: say what is to be said, and end() soon
  std::function<void()> on_closed = {};   // once: the client has gone, or took nothing for ServerOptions::send_timeout.
                                          // At once where the request was HEAD
};

}  // namespace omashu::http
