// One connection of a server: what is said on it, and whose turn it is. The bytes come and go through whoever derives
// from it (socket_connection.h), plain or in TLS. Private to this folder.
//
// Requests are taken one after the other; while one is answered, a few of the bytes behind it are read ahead, which is
// also how it is noticed that the client has gone.

#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/system/error_code.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/connection_stream.h"
#include "http/gate.h"
#include "http/output_queue.h"
#include "http/request_reader.h"
#include "http/server.h"
#include "net/connection.h"
#include "net/memory_budget.h"
#include "net/worker.h"

namespace omashu::http {

// What the connections of a server share. Immutable while they live, but for what is thread-safe.
struct Service {
  ServerOptions options;
  std::unique_ptr<net::MemoryBudget> memory;  // for bodies that are still coming
  std::optional<Gate> gate;
  std::atomic<bool> is_draining = false;  // each answer is the last of its connection
  // Checks a header away from the connections' threads, and calls back on one of its own; false where too many wait.
  std::function<bool(std::string header, std::function<void(IdentityPtr)> done)> check_login;
};

class Connection : public net::Connection, public StreamHost, public std::enable_shared_from_this<Connection> {
 public:
  Connection(net::Executor executor, net::Clock::time_point now, std::string client_address, const Service& service);
  ~Connection() override;

  void on_tick(net::Clock::time_point now) override;
  void finish() override;
  void close() override;
  void wake() override;  // from any thread

  // ---- the answer's side, on the connection's thread but for what is const
  void send(Response response);
  // With `input`, the connection is no longer one of HTTP: what comes goes there.
  void begin_stream(const std::shared_ptr<ConnectionStream>& stream, Response head, std::unique_ptr<StreamInput> input);
  Response error(int status, std::string_view message) const;
  const net::Executor& executor() const { return executor_; }
  const ServerOptions& options() const { return options_; }
  const Gate& gate() const { return *service_.gate; }

 protected:
  using AsioError = boost::system::error_code;

  // ---- the socket's side. start_read() is followed by one call of on_read(), start_write() by one of on_written(),
  // whatever happens, and never before they return. There is at most one of each at a time.
  virtual void start_read() = 0;
  virtual void start_write(const OutputQueue::Buffers& buffers) = 0;
  virtual void end_output() = 0;  // says goodbye to a client that may still send
  virtual void shut_down() = 0;   // says goodbye
  virtual void close_socket(bool is_reset) = 0;

  void on_opened();
  void on_read(const AsioError& error, std::string_view bytes);
  void on_written(const AsioError& error, size_t size);

  void set_deadline(std::chrono::milliseconds patience);

 private:
  struct LoggedRequest;
  enum class State : uint8_t {
    kReading,    // a request
    kHandling,   // a handler has it
    kAnswering,  // the answer goes out
    kStreaming,  // so does a stream, as far as it is there
    kLingering,  // what still comes is dropped, so that the client sees the last bytes and no reset
    kShutDown,   // nothing more is read or written
    kClosed,
  };

  void read_next();
  void read_some();
  void read_ahead();
  void on_progress(RequestReader::Progress progress);
  void read_with_memory(RequestReader::Progress progress);

  void handle_request();
  void check_login(Request request);
  void route(Request request, const IdentityPtr& identity);
  void add_fields(Response& response);
  void log_request();

  void begin_web_socket(const std::shared_ptr<ConnectionStream>& stream, Response head,
                        std::unique_ptr<StreamInput> input);
  void start_stream(const std::shared_ptr<ConnectionStream>& stream);
  void send_stream();
  void push_stream_piece(Piece piece);
  void write_some();
  void on_all_written();
  void on_answered();

  const net::Executor executor_;
  const Service& service_;
  const ServerOptions& options_;
  net::Timer memory_timer_;
  net::MemoryBudget::Share memory_;
  RequestReader reader_;
  OutputQueue output_;
  const std::string client_address_;
  std::vector<Field> fields_;                 // of the answer, beside the handler's
  AnsweredRequest answered_;                  // the request under way, for on_answered
  net::Clock::time_point begun_ = {};         // of the same; the epoch while none has come
  std::unique_ptr<LoggedRequest> log_;        // the request under way; null where nothing is logged
  std::shared_ptr<ConnectionStream> stream_;  // with kStreaming
  std::unique_ptr<StreamInput> input_;        // so is this, for a WebSocket
  net::Clock::time_point deadline_ = net::Clock::time_point::max();
  size_t lingered_bytes_ = 0;
  State state_ = State::kReading;
  bool is_read_pending_ = false;
  bool is_write_pending_ = false;
  bool is_input_ended_ = false;
  bool keep_alive_ = true;
  bool is_head_ = false;
  bool is_chunked_ = false;       // the stream
  bool is_stream_whole_ = false;  // all of the stream is in output_
  bool is_lingering_ = false;     // what the client still sends is read and dropped at the end
  bool is_finishing_ = false;
  // From a request's last byte to its answer's: keeps the thread running for an answer that comes from elsewhere.
  std::optional<boost::asio::executor_work_guard<net::Executor>> busy_;
};

}  // namespace omashu::http
