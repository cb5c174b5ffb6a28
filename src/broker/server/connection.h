// One client's connection. All of it runs in the thread of its socket's executor, but for answers, which come from any.

#pragma once

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>

#include "broker/handler/reply.h"
#include "broker/handler/request_context.h"
#include "broker/server/frame_reader.h"
#include "broker/server/output_queue.h"

namespace omashu::broker {

class Broker;

// Memory that all connections share for requests that are still coming.
struct UnfinishedBytes {
  uint64_t most = 0;
  std::atomic<uint64_t> used = 0;
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(boost::asio::ip::tcp::socket socket, Broker& broker, Peer peer, uint32_t most_request_bytes,
             UnfinishedBytes& unfinished);
  ~Connection();

  void start();
  void close();

  // To be called every few seconds: closes the connection where the client has been silent for so long, or has stopped
  // within a request; gives up memory that is not needed.
  void look_after(int64_t now_ms, int64_t most_idle_ms);

  bool is_closed() const { return !socket_.is_open(); }

 private:
  using AsioError = boost::system::error_code;

  struct Slot {
    bool is_answered = false;
    std::optional<Answer> answer;
  };
  static bool closes(const Slot& slot) { return slot.answer && slot.answer->closes_connection; }

  void proceed();
  void proceed_soon();
  void read();
  void read_some(const AsioError& ready);
  void have_read(const AsioError& error, size_t count);
  void wait_for_memory();
  bool take_memory();
  void give_memory_back();
  bool may_read() const;
  void handle_frames();
  void handle_frame(std::span<char> frame);
  void answered(uint64_t number, std::optional<Answer> answer);
  void send();

  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer memory_timer_;
  Broker& broker_;
  const Peer peer_;
  UnfinishedBytes& unfinished_;
  uint64_t memory_taken_ = 0;  // of unfinished_

  FrameReader input_;
  bool is_reading_ = false;     // waits for the socket, or for memory
  bool is_paused_ = false;      // frames may have come that are not handled, since too many answers wait
  bool is_proceeding_ = false;  // within proceed()
  bool is_proceeding_soon_ = false;
  int64_t last_heard_ms_ = 0;

  bool is_closing_ = false;  // nothing more is read; closed once what comes before the slot that closes is sent
  std::deque<Slot> slots_;   // of the requests that are not answered, and of those after them
  uint64_t first_slot_ = 0;
  OutputQueue output_;
  bool is_sending_ = false;  // waits for the socket
};

}  // namespace omashu::broker
