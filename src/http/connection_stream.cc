#include "http/connection_stream.h"

#include <utility>

namespace omashu::http {

ConnectionStream::ConnectionStream(StreamListener listener, size_t max_bytes, ContentEncoding encoding,
                                   std::shared_ptr<StreamHost> host)
    : listener_(std::move(listener)),
      max_bytes_(max_bytes),
      encoding_(encoding),
      host_(std::move(host)),
      compressor_(encoding) {
  const MutexLock lock(mutex_);
  if (encoding_ != ContentEncoding::kIdentity) push(Piece(compressor_.begin()));
}

bool ConnectionStream::write(Piece piece) {
  StreamCompressor::Encoded encoded{std::move(piece)};
  if (encoding_ != ContentEncoding::kIdentity && is_open() && !encoded.piece.bytes().empty()) {
    encoded = StreamCompressor(encoding_).encode(std::move(encoded.piece));
  }
  const MutexLock lock(mutex_);
  if (state_ != State::kOpen) return false;
  if (encoded.piece.bytes().empty()) return !is_refusing_;
  push(compressor_.add(std::move(encoded)));
  wake();
  if (piece_bytes_ + unsent_bytes_ >= max_bytes_) is_refusing_ = true;
  return !is_refusing_;
}

void ConnectionStream::push(Piece piece) {
  if (piece.bytes().empty()) return;
  piece_bytes_ += piece.bytes().size();
  pieces_.push_back(std::move(piece));
}

void ConnectionStream::end() { finish(State::kEnded); }

void ConnectionStream::cut() { finish(State::kCut); }

void ConnectionStream::finish(State state) {
  std::shared_ptr<StreamHost> host;  // let go without the lock
  const MutexLock lock(mutex_);
  if (state_ != State::kOpen && !(state_ == State::kEnded && state == State::kCut)) return;
  state_ = state;
  if (state == State::kEnded && encoding_ != ContentEncoding::kIdentity) push(Piece(compressor_.end()));
  wake();
  if (state == State::kCut) host = std::exchange(host_, nullptr);
}

void ConnectionStream::wake() {
  if (host_ != nullptr && !std::exchange(is_waking_, true)) host_->wake();
}

bool ConnectionStream::is_open() const {
  const MutexLock lock(mutex_);
  return state_ == State::kOpen;
}

bool ConnectionStream::has_room() const {
  const MutexLock lock(mutex_);
  return !is_refusing_;
}

size_t ConnectionStream::queued_bytes() const {
  const MutexLock lock(mutex_);
  return piece_bytes_ + unsent_bytes_;
}

ConnectionStream::Taken ConnectionStream::take() {
  StreamListener unneeded;  // let go without the lock
  const MutexLock lock(mutex_);
  is_waking_ = false;
  unsent_bytes_ += std::exchange(piece_bytes_, 0);
  if (state_ != State::kOpen) {
    host_.reset();  // the caller is the host
    unneeded = std::exchange(listener_, {});
  }
  return {.pieces = std::exchange(pieces_, {}), .is_ended = state_ == State::kEnded, .is_cut = state_ == State::kCut};
}

void ConnectionStream::on_progress(size_t unsent_bytes) {
  {
    const MutexLock lock(mutex_);
    unsent_bytes_ = unsent_bytes;
    if (!is_refusing_ || state_ != State::kOpen || piece_bytes_ + unsent_bytes_ > max_bytes_ / 2) return;
    is_refusing_ = false;
  }
  if (listener_.on_drained) listener_.on_drained();
}

void ConnectionStream::on_closing() {
  if (is_open() && listener_.on_closing) listener_.on_closing();
}

void ConnectionStream::on_closed() {
  std::shared_ptr<StreamHost> host;
  std::vector<Piece> pieces;
  const StreamListener listener = std::exchange(listener_, {});
  bool is_to_be_told = false;
  {
    const MutexLock lock(mutex_);
    is_to_be_told = state_ == State::kOpen;
    state_ = State::kClosed;
    host = std::exchange(host_, nullptr);
    pieces = std::exchange(pieces_, {});
    piece_bytes_ = unsent_bytes_ = 0;
  }
  if (is_to_be_told && listener.on_closed) listener.on_closed();
}

void ConnectionStream::on_client_ended(Piece last) {
  const StreamListener listener = std::exchange(listener_, {});
  {
    const MutexLock lock(mutex_);
    if (state_ != State::kOpen) return;
    push(std::move(last));
    state_ = State::kEnded;
    wake();
  }
  if (listener.on_closed) listener.on_closed();
}

namespace {

class HandlersStream : public ResponseStream {
 public:
  explicit HandlersStream(std::shared_ptr<ConnectionStream> stream) : stream_(std::move(stream)) {}
  ~HandlersStream() override {
    if (stream_->is_open()) stream_->cut();
  }

  bool write(std::string piece) override { return stream_->write(Piece(std::move(piece))); }
  bool write(std::shared_ptr<const std::string> piece) override { return stream_->write(Piece(std::move(piece))); }
  void end() override { stream_->end(); }
  void cut() override { stream_->cut(); }
  bool has_room() const override { return stream_->has_room(); }
  bool is_open() const override { return stream_->is_open(); }
  size_t queued_bytes() const override { return stream_->queued_bytes(); }

 private:
  const std::shared_ptr<ConnectionStream> stream_;
};

}  // namespace

std::shared_ptr<ResponseStream> make_response_stream(std::shared_ptr<ConnectionStream> stream) {
  return std::make_shared<HandlersStream>(std::move(stream));
}

}  // namespace omashu::http
