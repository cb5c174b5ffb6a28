// What a connection has still to send, in order. Shared pieces are not copied. Private to this folder; not thread-safe.

#pragma once

#include <boost/asio/buffer.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace omashu::http {

// Bytes of one's own, or shared ones.
class Piece {
 public:
  explicit Piece(std::string own) : own_(std::move(own)) {}
  explicit Piece(std::shared_ptr<const std::string> shared) : shared_(std::move(shared)) {}

  std::string_view bytes() const { return shared_ == nullptr ? std::string_view(own_) : std::string_view(*shared_); }

  bool is_shared() const { return shared_ != nullptr; }
  const std::shared_ptr<const std::string>& shared() const { return shared_; }

  // Makes the piece longer where that is cheaper than another one.
  bool append(std::string_view bytes);

 private:
  std::string own_;
  std::shared_ptr<const std::string> shared_;
};

class OutputQueue {
 public:
  static constexpr size_t kMaxBuffers = 16;

  // As Asio takes them for one write.
  class Buffers {
   public:
    using value_type = boost::asio::const_buffer;
    using const_iterator = const value_type*;
    const_iterator begin() const { return buffers_.data(); }
    const_iterator end() const { return buffers_.data() + size_; }

   private:
    friend class OutputQueue;
    std::array<value_type, kMaxBuffers> buffers_;
    size_t size_ = 0;
  };

  void push(std::string_view bytes);  // copied
  void push(Piece piece);

  size_t bytes() const { return bytes_; }
  bool is_empty() const { return bytes_ == 0; }

  // The next bytes. They stay where they are until as many or fewer are consumed, whatever is pushed meanwhile.
  Buffers next();
  void consume(size_t bytes);

 private:
  std::vector<Piece> sending_;  // what next() has shown is in here, and stays as it is
  std::vector<Piece> waiting_;
  size_t first_ = 0;       // of sending_
  size_t first_sent_ = 0;  // bytes of that piece
  size_t bytes_ = 0;
};

}  // namespace omashu::http
