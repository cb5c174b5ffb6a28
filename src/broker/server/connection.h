// One client's connection. All of it runs in the thread of its socket's executor, but for answers, which come from any.
// While it is open it keeps itself alive.

#pragma once

#include <boost/asio/basic_waitable_timer.hpp>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>

#include "broker/handler/reply.h"
#include "broker/handler/request_context.h"
#include "broker/server/frame_reader.h"
#include "broker/server/output_queue.h"
#include "net/connection.h"
#include "net/memory_budget.h"

namespace omashu::broker {

class Broker;

// What the connections of a server share; it outlives them.
struct ConnectionContext {
  Broker& broker;
  net::MemoryBudget& memory;  // for requests that are still coming
  uint32_t max_request_bytes = 0;
  std::chrono::milliseconds max_idle{};

  net::Clock::time_point now() const;  // the broker's steady time
};

class Connection : public net::Connection, public std::enable_shared_from_this<Connection> {
 public:
  Connection(net::Socket socket, Peer peer, const ConnectionContext& context);

  void start() override;
  void on_tick(net::Clock::time_point now) override;
  void finish() override { close(); }
  void close() override;

 private:
  using AsioError = boost::system::error_code;
  using Timer = boost::asio::basic_waitable_timer<net::Clock, boost::asio::wait_traits<net::Clock>, net::Executor>;

  struct PendingRequest {
    bool is_answered = false;
    std::optional<Answer> answer;

    bool closes_connection() const { return answer && answer->closes_connection; }
  };

  bool is_open() const { return socket_.is_open(); }
  bool may_read() const;

  // Reading
  void read();
  void read_some(const AsioError& ready);
  void on_read(const AsioError& error, size_t count);
  bool take_memory();
  void wait_for_memory();
  void release_memory();

  // Requests and their answers
  void handle_pending_frames();
  void handle_pending_frames_soon();
  void handle_frames();
  void handle_frame(std::span<char> frame);
  void on_handled_in_executor();
  void on_answer(uint64_t number, std::optional<Answer> answer);
  void send();
  void update_turn();

  bool is_too_slow(net::Clock::time_point now) const;
  bool is_idle_too_long(net::Clock::time_point now) const;

  net::Socket socket_;
  Timer memory_timer_;
  const ConnectionContext& context_;
  const Peer peer_;
  std::shared_ptr<Connection> self_;  // while it is open

  FrameReader input_;
  net::MemoryBudget::Share memory_;
  bool is_reading_ = false;             // waits for the socket, or for memory
  bool is_waiting_for_memory_ = false;  // so the client cannot send more
  bool is_paused_ = false;  // frames may have come that are not handled, since too many requests wait for their answers
  bool is_in_executor_ = false;    // the last request waits for the disk (dispatch.h): the next one is not taken yet
  bool is_handling_ = false;       // within handle_pending_frames()
  bool is_handling_soon_ = false;  // it has been posted
  net::Clock::time_point last_read_;
  std::optional<net::Clock::time_point> frame_begun_;  // of a frame that has not come whole

  bool is_closing_ = false;  // nothing more is read; closed once what comes before the request that closes it is sent
  std::deque<PendingRequest> pending_requests_;  // from the first that is not answered on
  uint64_t first_pending_number_ = 0;
  bool has_answered_ = false;  // since the turns were looked at
  OutputQueue output_;
  bool is_sending_ = false;  // waits for the socket
};

}  // namespace omashu::broker
