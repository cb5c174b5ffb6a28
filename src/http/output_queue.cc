#include "http/output_queue.h"

#include <algorithm>
#include <cassert>

namespace omashu::http {

namespace {

// Small pieces are put together up to this size: fewer buffers, and less room than a piece each would take.
constexpr size_t kJoinedBytes = 4096;

// The room of more pieces than this is given back once they are sent.
constexpr size_t kKeptPieces = 16;

}  // namespace

bool Piece::append(std::string_view bytes) {
  if (shared_ != nullptr || own_.size() + bytes.size() > kJoinedBytes) return false;
  own_ += bytes;
  return true;
}

void OutputQueue::push(std::string_view bytes) {
  if (bytes.empty()) return;
  bytes_ += bytes.size();
  if (waiting_.empty() || !waiting_.back().append(bytes)) waiting_.emplace_back(std::string(bytes));
}

void OutputQueue::push(Piece piece) {
  if (piece.bytes().empty()) return;
  bytes_ += piece.bytes().size();
  if (!piece.is_shared() && !waiting_.empty() && waiting_.back().append(piece.bytes())) return;
  waiting_.push_back(std::move(piece));
}

OutputQueue::Buffers OutputQueue::next() {
  if (first_ == sending_.size()) {
    sending_.clear();
    if (sending_.capacity() > kKeptPieces) sending_ = {};
    sending_.swap(waiting_);
    first_ = first_sent_ = 0;
  }
  Buffers next;
  for (size_t i = first_; i < sending_.size() && next.size_ < kMaxBuffers; ++i) {
    std::string_view bytes = sending_[i].bytes();
    if (i == first_) bytes.remove_prefix(first_sent_);
    next.buffers_[next.size_++] = boost::asio::buffer(bytes);
  }
  return next;
}

void OutputQueue::consume(size_t bytes) {
  assert(bytes <= bytes_);
  bytes_ -= bytes;
  first_sent_ += bytes;
  while (first_ < sending_.size() && first_sent_ >= sending_[first_].bytes().size()) {
    first_sent_ -= sending_[first_].bytes().size();
    sending_[first_++] = Piece(std::string());
  }
  if (bytes_ > 0) return;
  sending_.clear();
  first_ = 0;
  if (sending_.capacity() > kKeptPieces) sending_ = {};
  if (waiting_.capacity() > kKeptPieces) waiting_ = {};
}

}  // namespace omashu::http
