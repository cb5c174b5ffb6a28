// What a handler writes to a stream, on its way to the connection's thread. Private to this folder.

#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "base/mutex.h"
#include "http/compressor.h"
#include "http/output_queue.h"
#include "http/response_stream.h"

namespace omashu::http {

// The connection, as its stream sees it.
class StreamHost {
 public:
  virtual ~StreamHost() = default;

  // take() is to be called soon, on the connection's thread. From any thread; calls nothing back.
  virtual void wake() = 0;
};

// What the client sends while a stream is under way, where that is more than requests behind it.
class StreamInput {
 public:
  virtual ~StreamInput() = default;
  virtual void on_bytes(std::string_view bytes) = 0;  // on the connection's thread
};

// Shared by the connection and the ResponseStream that its handler has.
class ConnectionStream {
 public:
  // Keeps the host, and the listener, until it is ended, cut or closed. With `encoding`, what goes out is compressed.
  ConnectionStream(StreamListener listener, size_t max_bytes, ContentEncoding encoding,
                   std::shared_ptr<StreamHost> host);

  // ---- from any thread

  bool write(Piece piece) EXCLUDES(mutex_);
  void end() EXCLUDES(mutex_);
  void cut() EXCLUDES(mutex_);
  bool has_room() const EXCLUDES(mutex_);
  bool is_open() const EXCLUDES(mutex_);
  size_t queued_bytes() const EXCLUDES(mutex_);

  // ---- on the connection's thread

  struct Taken {
    std::vector<Piece> pieces;
    bool is_ended = false;  // nothing comes behind the pieces
    bool is_cut = false;
  };
  Taken take() EXCLUDES(mutex_);

  // So much of what was taken is still to be sent.
  void on_progress(size_t unsent_bytes) EXCLUDES(mutex_);
  void on_closing() EXCLUDES(mutex_);
  void on_closed() EXCLUDES(mutex_);
  void on_client_ended(Piece last) EXCLUDES(mutex_);  // closed, but for one piece that still goes out

 private:
  enum class State : uint8_t { kOpen, kEnded, kCut, kClosed };

  void push(Piece piece) REQUIRES(mutex_);
  void finish(State state) EXCLUDES(mutex_);
  void wake() REQUIRES(mutex_);

  StreamListener listener_;  // of the connection's thread
  const size_t max_bytes_;
  const ContentEncoding encoding_;

  mutable Mutex mutex_;
  State state_ GUARDED_BY(mutex_) = State::kOpen;
  std::shared_ptr<StreamHost> host_ GUARDED_BY(mutex_);
  StreamCompressor compressor_ GUARDED_BY(mutex_);
  std::vector<Piece> pieces_ GUARDED_BY(mutex_);
  size_t piece_bytes_ GUARDED_BY(mutex_) = 0;
  size_t unsent_bytes_ GUARDED_BY(mutex_) = 0;
  bool is_waking_ GUARDED_BY(mutex_) = false;
  bool is_refusing_ GUARDED_BY(mutex_) = false;  // a writer waits for on_drained
};

// What the handler has.
std::shared_ptr<ResponseStream> make_response_stream(std::shared_ptr<ConnectionStream> stream);

}  // namespace omashu::http
