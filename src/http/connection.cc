#include "http/connection.h"

#include <fmt/chrono.h>
#include <fmt/core.h>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <atomic>
#include <ctime>
#include <optional>
#include <utility>

namespace omashu::http {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using net::Clock;
using net::Executor;
using net::Socket;

constexpr size_t kReadBytes = 4096;

// A body of up to this size needs no share of the memory.
constexpr size_t kFreeBytes = 64 << 10;
constexpr std::chrono::milliseconds kMemoryRetry{20};

// Bytes of a request that is refused half-way are read and dropped, so that the client sees the answer and no reset.
constexpr size_t kMaxLingerBytes = 4 << 20;
constexpr std::chrono::seconds kLinger{2};

// RFC 9110, 5.6.7; made once a second on each thread.
std::string_view date_now() {
  thread_local std::time_t made = 0;
  thread_local std::string text;
  if (const std::time_t now = std::time(nullptr); now != made) {
    made = now;
    text = fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(now));
  }
  return text;
}

std::string response_text(const Response& response, bool keep_alive, bool with_body) {
  std::string text;
  text.reserve(256 + response.body.size());
  text += fmt::format("HTTP/1.1 {} {}\r\nDate: {}\r\n", response.status, reason_phrase(response.status), date_now());
  if (!response.content_type.empty()) text.append("Content-Type: ").append(response.content_type).append("\r\n");
  for (const Field& field : response.fields) text.append(field.name).append(": ").append(field.value).append("\r\n");
  if (!keep_alive) text += "Connection: close\r\n";
  text += fmt::format("Content-Length: {}\r\n\r\n", response.body.size());
  if (with_body) text += response.body;
  return text;
}

// "http://127.0.0.1:8081" is at home on the host "127.0.0.1:8081".
bool is_same_origin(std::string_view origin, std::string_view host) {
  const size_t scheme = origin.find("://");
  return scheme != std::string_view::npos && origin.substr(scheme + 3) == host;
}

template <class Stream>
class StreamConnection : public net::Connection, public std::enable_shared_from_this<StreamConnection<Stream>> {
 public:
  static constexpr bool kIsTls = !std::is_same_v<Stream, Socket>;

  template <class... TlsContext>
  StreamConnection(Socket socket, Clock::time_point now, const Service& service, TlsContext&... tls)
      : net::Connection(now),
        stream_(std::move(socket), tls...),
        service_(service),
        options_(service.options),
        memory_timer_(stream_.get_executor()),
        memory_(*service.memory),
        reader_(options_.limits) {}

  void on_tick(Clock::time_point now) override {
    if (now >= deadline_) close();
  }

  void start() override {
    error_code ignored;
    socket().set_option(tcp::no_delay(true), ignored);
    if constexpr (kIsTls) {
      set_deadline(options_.request_timeout);
      stream_.async_handshake(asio::ssl::stream_base::server,
                              [self = this->shared_from_this()](const error_code& error) {
                                if (!error) self->read_next();
                              });
    } else {
      read_next();
    }
  }

  void finish() override {
    is_finishing_ = true;
    if (!busy_ && reader_.is_between_requests()) close();
  }

  void close() override {
    error_code ignored;
    socket().close(ignored);
    memory_timer_.cancel();
  }

 private:
  class OwnExchange;

  Socket& socket() {
    if constexpr (kIsTls) {
      return stream_.next_layer();
    } else {
      return stream_;
    }
  }

  void set_deadline(std::chrono::milliseconds patience) { deadline_ = options_.now() + patience; }

  // ---- Reading

  // The client's turn has begun already: when the connection was accepted, or when the answer before began to go out.
  void read_next() {
    if (is_finishing_) return close();
    set_deadline(options_.idle_timeout);
    go_on(reader_.read(""));  // a client may send several requests at once
  }

  void read_some() {
    stream_.async_read_some(asio::buffer(buffer_),
                            [self = this->shared_from_this()](const error_code& error, size_t size) {
                              if (error) return;  // gone, or out of patience
                              if (self->reader_.is_between_requests())
                                self->set_deadline(self->options_.request_timeout);
                              self->go_on(self->reader_.read({self->buffer_.data(), size}));
                            });
  }

  void go_on(RequestReader::Progress progress) {
    switch (progress) {
      case RequestReader::Progress::kNeedsMore:
      case RequestReader::Progress::kWantsContinue: return read_with_memory(progress);
      case RequestReader::Progress::kComplete: return authenticate();
      case RequestReader::Progress::kFailed:
        keep_alive_ = false;
        is_cut_short_ = true;
        return send(error(reader_.error_status(), reader_.error_reason()));
    }
  }

  // A large body takes all that it will need before the rest of it is read, so that what has begun can come to its end.
  void read_with_memory(RequestReader::Progress progress) {
    const size_t bytes = reader_.body_bytes();
    if (bytes > kFreeBytes && !memory_.take(bytes)) {
      set_deadline(options_.request_timeout);  // the client cannot send before it is asked for more
      memory_timer_.expires_after(kMemoryRetry);
      return memory_timer_.async_wait([self = this->shared_from_this(), progress](const error_code& error) {
        if (!error) self->read_with_memory(progress);
      });
    }
    progress == RequestReader::Progress::kWantsContinue ? say_continue() : read_some();
  }

  void say_continue() {
    output_ = "HTTP/1.1 100 Continue\r\n\r\n";
    asio::async_write(stream_, asio::buffer(output_),
                      [self = this->shared_from_this()](const error_code& failed, size_t) {
                        if (!failed) self->read_some();
                      });
  }

  // ---- Answering

  void authenticate() {
    keep_alive_ = reader_.keep_alive();
    Request request = reader_.take_request();
    memory_.release();
    is_head_ = request.method == Method::kHead;
    busy_.emplace(asio::make_work_guard(stream_.get_executor()));
    deadline_ = Clock::time_point::max();
    begin_server_turn();
    if (!service_.host_check.lets_pass(request.field("host"))) return send(misdirected(request.field("host")));
    if (options_.authenticator == nullptr) return route(std::move(request), Access::kWrite);
    const std::string header(request.field("authorization"));
    if (const auto access = options_.authenticator->recall(header)) return route(std::move(request), *access);
    if (header.empty()) return ask_for_login();
    const auto kept = std::make_shared<Request>(std::move(request));
    const bool is_queued =
        service_.check_login(header, [self = this->shared_from_this(), kept](std::optional<Access> access) {
          asio::post(self->stream_.get_executor(),
                     [self, kept, access] { access ? self->route(std::move(*kept), *access) : self->ask_for_login(); });
        });
    if (!is_queued) send(error(503, "too many log-ins at once: try again"));
  }

  Response misdirected(std::string_view host) const {
    return error(421, fmt::format("this server does not answer to the host '{}': it listens for this machine, or under "
                                  "other names; if the name is its own, start it with --host-name",
                                  host));
  }

  void ask_for_login() {
    Response response = error(401, "name and password are not right, or missing");
    response.fields.push_back({"WWW-Authenticate", "Basic realm=\"omashu\", charset=\"UTF-8\""});
    send(std::move(response));
  }

  void route(Request request, Access granted) {
    Router::Match match = service_.router.find(request.method, request.path());
    if (match.route == nullptr) {
      if (match.allowed.empty()) return send(error(404, "HTTP 404 Not Found"));
      Response response = error(405, "HTTP 405 Method Not Allowed");
      response.fields.push_back({"Allow", match.allowed});
      return send(std::move(response));
    }
    if (match.route->access == Access::kWrite) {
      if (granted != Access::kWrite) return send(error(403, "this user may only read"));
      // Browsers send requests that any web page makes: that page's origin is told, and must be this server.
      const std::string_view origin = request.field("origin");
      if (!origin.empty() && !is_same_origin(origin, request.field("host"))) {
        return send(error(403, "a page of another origin may not write"));
      }
    }
    const Handler& handler = match.route->handler;
    handler(std::make_shared<OwnExchange>(this->shared_from_this(), std::move(request), std::move(match.parameters)));
  }

  Response error(int status, std::string_view message) const { return options_.error_response(status, message); }

  void send(Response response) {
    if (is_finishing_) keep_alive_ = false;
    output_ = response_text(response, keep_alive_, !is_head_);
    written_ = 0;
    begin_client_turn(options_.now());
    write_some();
  }

  // In pieces, so that patience starts anew with each that the client takes.
  void write_some() {
    set_deadline(options_.send_timeout);
    stream_.async_write_some(asio::buffer(output_.data() + written_, output_.size() - written_),
                             [self = this->shared_from_this()](const error_code& failed, size_t size) {
                               if (failed) return self->busy_.reset();
                               self->written_ += size;
                               if (self->written_ < self->output_.size()) return self->write_some();
                               self->on_sent();
                             });
  }

  void on_sent() {
    busy_.reset();
    if (output_.capacity() > (64 << 10)) output_ = {};
    if (keep_alive_) return read_next();
    if (is_cut_short_) {
      set_deadline(kLinger);
      error_code ignored;
      socket().shutdown(Socket::shutdown_send, ignored);
      return linger();
    }
    shut_down();
  }

  void shut_down() {
    if constexpr (kIsTls) {
      set_deadline(kLinger);
      stream_.async_shutdown([self = this->shared_from_this()](const error_code&) {});
    } else {
      error_code ignored;
      socket().shutdown(Socket::shutdown_both, ignored);
    }
  }

  void linger() {
    socket().async_read_some(asio::buffer(buffer_),
                             [self = this->shared_from_this()](const error_code& failed, size_t size) {
                               self->lingered_bytes_ += size;
                               if (!failed && self->lingered_bytes_ < kMaxLingerBytes) self->linger();
                             });
  }

  Stream stream_;
  const Service& service_;
  const ServerOptions& options_;
  asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor> memory_timer_;
  net::MemoryBudget::Share memory_;
  RequestReader reader_;
  std::array<char, kReadBytes> buffer_;
  std::string output_;
  size_t written_ = 0;
  size_t lingered_bytes_ = 0;
  Clock::time_point deadline_ = Clock::time_point::max();
  bool keep_alive_ = true;
  bool is_head_ = false;
  bool is_cut_short_ = false;  // the rest of a request is not read
  bool is_finishing_ = false;
  // From a request's last byte to its answer's: keeps the thread running for an answer that comes from elsewhere.
  std::optional<asio::executor_work_guard<Executor>> busy_;
};

// Answers on the connection's thread, at once where that is the caller's.
template <class Stream>
class StreamConnection<Stream>::OwnExchange : public Exchange {
 public:
  OwnExchange(std::shared_ptr<StreamConnection> connection, Request request,
              std::vector<std::pair<std::string_view, std::string>> parameters)
      : connection_(std::move(connection)) {
    request_ = std::move(request);
    parameters_ = std::move(parameters);
  }

  ~OwnExchange() override {
    if (connection_ != nullptr) answer(connection_->error(500, "the request was dropped"));
  }

  void answer(Response response) override {
    std::shared_ptr<StreamConnection> connection = std::exchange(connection_, nullptr);
    if (connection == nullptr) return;
    const auto executor = connection->stream_.get_executor();
    asio::dispatch(executor, [connection = std::move(connection), response = std::move(response)]() mutable {
      connection->send(std::move(response));
    });
  }

 private:
  std::shared_ptr<StreamConnection> connection_;
};

}  // namespace

std::shared_ptr<net::Connection> make_connection(Socket socket, Clock::time_point now, asio::ssl::context* tls,
                                                 const Service& service) {
  if (tls == nullptr) return std::make_shared<StreamConnection<Socket>>(std::move(socket), now, service);
  using TlsStream = asio::ssl::stream<Socket>;
  return std::make_shared<StreamConnection<TlsStream>>(std::move(socket), now, service, *tls);
}

}  // namespace omashu::http
