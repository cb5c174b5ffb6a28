#include "http/connection.h"

#include <fmt/core.h>

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

#include "http/connection_exchange.h"
#include "http/response_text.h"

namespace omashu::http {

namespace {

namespace asio = boost::asio;
using net::Clock;

// A body of up to this size needs no share of the memory.
constexpr size_t kFreeBytes = 64 << 10;
constexpr std::chrono::milliseconds kMemoryRetry{20};

constexpr size_t kMaxLingerBytes = 4 << 20;
constexpr std::chrono::seconds kLinger{2};

// Of requests behind the one that is being answered.
constexpr size_t kMaxReadAhead = 16 << 10;

}  // namespace

// What is told of a request once it is answered.
struct Connection::LoggedRequest {
  explicit LoggedRequest(const Request& request) : method(request.method), target(request.target) {}

  const Method method;
  const std::string target;
  const std::chrono::system_clock::time_point time = std::chrono::system_clock::now();
  const Clock::time_point begun = Clock::now();
  std::string user;
  int status = 0;
  uint64_t bytes = 0;
};

Connection::Connection(net::Executor executor, Clock::time_point now, std::string client_address,
                       const Service& service)
    : net::Connection(now),
      executor_(executor),
      service_(service),
      options_(service.options),
      memory_timer_(executor),
      memory_(*service.memory),
      reader_(options_.limits),
      client_address_(std::move(client_address)) {}

Connection::~Connection() = default;

void Connection::on_tick(Clock::time_point now) {
  if (now >= deadline_) close();
}

void Connection::finish() {
  if (std::exchange(is_finishing_, true)) return;
  if (state_ == State::kReading && reader_.is_between_requests()) return close();
  if (stream_ != nullptr) stream_->on_closing();
}

void Connection::close() {
  if (state_ == State::kClosed) return;
  const bool is_whole = state_ != State::kStreaming;
  state_ = State::kClosed;
  close_socket(!is_whole);
  memory_timer_.cancel();
  log_request();
  busy_.reset();
  leave_table();
  if (const auto stream = std::exchange(stream_, nullptr)) stream->on_closed();
  input_.reset();
}

void Connection::wake() {
  asio::post(executor_, [self = shared_from_this()] { self->send_stream(); });
}

void Connection::set_deadline(std::chrono::milliseconds patience) { deadline_ = options_.now() + patience; }

// ---- Reading

void Connection::on_opened() { read_next(); }

// The client's turn has begun already: when the connection was accepted, or when the answer before began to go out.
void Connection::read_next() {
  if (is_finishing_) return close();
  state_ = State::kReading;
  set_deadline(options_.idle_timeout);
  on_progress(reader_.read(""));  // a client may send several requests at once
}

void Connection::read_some() {
  if (is_input_ended_) return close();
  if (!std::exchange(is_read_pending_, true)) start_read();
}

void Connection::read_ahead() {
  if (is_input_ended_ || (input_ == nullptr && reader_.unread_bytes() >= kMaxReadAhead)) return;
  if (!std::exchange(is_read_pending_, true)) start_read();
}

void Connection::on_read(const AsioError& failed, std::string_view bytes) {
  is_read_pending_ = false;
  if (failed) is_input_ended_ = true;
  switch (state_) {
    case State::kReading:
      if (failed) return close();  // gone, or out of patience
      if (reader_.is_between_requests()) set_deadline(options_.request_timeout);
      return on_progress(reader_.read(bytes));
    case State::kStreaming:
      if (failed) return close();
      input_ == nullptr ? reader_.keep(bytes) : input_->on_bytes(bytes);
      return read_ahead();
    case State::kHandling:
    case State::kAnswering: return reader_.keep(bytes);
    case State::kLingering:
      lingered_bytes_ += bytes.size();
      return failed || lingered_bytes_ >= kMaxLingerBytes ? close() : read_some();
    case State::kShutDown:
    case State::kClosed: return;
  }
}

void Connection::on_progress(RequestReader::Progress progress) {
  switch (progress) {
    case RequestReader::Progress::kNeedsMore:
    case RequestReader::Progress::kWantsContinue: return read_with_memory(progress);
    case RequestReader::Progress::kComplete: return handle_request();
    case RequestReader::Progress::kFailed:
      keep_alive_ = false;
      is_lingering_ = true;
      is_head_ = false;
      return send(error(reader_.error_status(), reader_.error_reason()));
  }
}

// A large body takes all that it will need before the rest of it is read, so that what has begun can come to its end.
void Connection::read_with_memory(RequestReader::Progress progress) {
  if (state_ == State::kClosed) return;
  const size_t bytes = reader_.body_bytes();
  if (bytes > kFreeBytes && !memory_.take(bytes)) {
    set_deadline(options_.request_timeout);  // the client cannot send before it is asked for more
    memory_timer_.expires_after(kMemoryRetry);
    return memory_timer_.async_wait([self = shared_from_this(), progress](const AsioError& failed) {
      if (!failed) self->read_with_memory(progress);
    });
  }
  if (progress == RequestReader::Progress::kNeedsMore) return read_some();
  output_.push("HTTP/1.1 100 Continue\r\n\r\n");
  write_some();
}

// ---- Handling

void Connection::handle_request() {
  keep_alive_ = reader_.keep_alive();
  is_chunked_ = reader_.takes_chunks();
  Request request = reader_.take_request();
  memory_.release();
  is_head_ = request.method == Method::kHead;
  answered_ = {.method = request.method};
  if (options_.on_answered) begun_ = Clock::now();
  state_ = State::kHandling;
  busy_.emplace(asio::make_work_guard(executor_));
  deadline_ = Clock::time_point::max();
  begin_server_turn();
  request.client = client_address_;
  fields_ = gate().cross_origin_fields(request);
  if (options_.access_log != nullptr) log_ = std::make_unique<LoggedRequest>(request);
  if (auto answer = gate().answer_early(request)) return send(*std::move(answer));
  check_login(std::move(request));
}

void Connection::check_login(Request request) {
  const std::string header(request.field("authorization"));
  if (options_.authenticator == nullptr || header.empty()) return route(std::move(request), nullptr);
  IdentityPtr identity = options_.authenticator->recall(header);
  if (identity != nullptr || !options_.authenticator->may_pass(header)) return route(std::move(request), identity);
  const auto kept = std::make_shared<Request>(std::move(request));
  const bool is_queued = service_.check_login(header, [self = shared_from_this(), kept](IdentityPtr checked) {
    asio::post(self->executor_, [self, kept, checked = std::move(checked)] { self->route(std::move(*kept), checked); });
  });
  if (!is_queued) send(error(503, "too many log-ins at once: try again"));
}

void Connection::route(Request request, const IdentityPtr& identity) {
  if (identity != nullptr) {
    request.user = identity->name;
    if (log_ != nullptr) log_->user = identity->name;
  }
  auto match = gate().admit(request, identity, client_address_);
  if (!match) return send(std::move(match.error()));
  answered_.pattern = match->route->pattern;
  match->route->handler(make_exchange(shared_from_this(), std::move(request), std::move(match->parameters)));
}

Response Connection::error(int status, std::string_view message) const {
  return options_.error_response(status, message);
}

// ---- Answering

void Connection::send(Response response) {
  if (state_ == State::kClosed) return;
  if (is_finishing_ || service_.is_draining) keep_alive_ = false;
  state_ = State::kAnswering;
  add_fields(response);
  output_.push(response_head(response, BodyFraming::kLength, keep_alive_));
  if (!is_head_) output_.push(Piece(std::move(response.body)));
  begin_client_turn(options_.now());
  write_some();
}

void Connection::begin_stream(const std::shared_ptr<ConnectionStream>& stream, Response head,
                              std::unique_ptr<StreamInput> input) {
  if (state_ == State::kClosed) return stream->on_closed();
  if (input != nullptr) return begin_web_socket(stream, std::move(head), std::move(input));
  if (!is_chunked_ || is_finishing_ || service_.is_draining) keep_alive_ = false;
  add_fields(head);
  begin_client_turn(options_.now());
  output_.push(response_head(head, is_chunked_ ? BodyFraming::kChunked : BodyFraming::kClose, keep_alive_));
  if (is_head_) {
    state_ = State::kAnswering;
    stream->on_closed();
    return write_some();
  }
  start_stream(stream);
}

void Connection::begin_web_socket(const std::shared_ptr<ConnectionStream>& stream, Response head,
                                  std::unique_ptr<StreamInput> input) {
  keep_alive_ = false;
  is_lingering_ = true;
  is_chunked_ = false;
  begin_client_turn(options_.now());
  add_fields(head);
  output_.push(response_head(head, BodyFraming::kLength, true));
  input_ = std::move(input);
  start_stream(stream);
  input_->on_bytes(reader_.take_unread());
}

void Connection::start_stream(const std::shared_ptr<ConnectionStream>& stream) {
  stream_ = stream;
  state_ = State::kStreaming;
  is_stream_whole_ = false;
  send_stream();
  read_ahead();
  if (is_finishing_) stream->on_closing();
}

void Connection::push_stream_piece(Piece piece) {
  const size_t size = piece.bytes().size();
  if (size == 0) return;
  if (is_chunked_) output_.push(chunk_line(size));
  output_.push(std::move(piece));
  if (is_chunked_) output_.push(kChunkEnd);
}

// What the handler has written since the last time.
void Connection::send_stream() {
  if (state_ != State::kStreaming || is_stream_whole_) return;
  ConnectionStream::Taken taken = stream_->take();
  if (taken.is_cut) return close();
  if (output_.is_empty() && !taken.pieces.empty()) begin_client_turn(options_.now());
  for (Piece& piece : taken.pieces) push_stream_piece(std::move(piece));
  if (taken.is_ended) {
    is_stream_whole_ = true;
    if (is_chunked_) output_.push(kLastChunk);
  }
  write_some();
}

void Connection::add_fields(Response& response) {
  if (log_ != nullptr) log_->status = response.status;
  if (options_.on_answered) {
    answered_.status = response.status;
    if (begun_ != Clock::time_point()) answered_.took = Clock::now() - begun_;
    options_.on_answered(answered_);
    answered_ = {};
    begun_ = {};
  }
  for (Field& field : std::exchange(fields_, {})) {
    const auto there = std::ranges::find(response.fields, "Vary", &Field::name);
    if (field.name == "Vary" && there != response.fields.end()) {
      if (there->value != "*") there->value += ", " + field.value;
    } else {
      response.fields.push_back(std::move(field));
    }
  }
}

void Connection::log_request() {
  const auto logged = std::exchange(log_, nullptr);
  if (logged == nullptr) return;
  const std::chrono::duration<double, std::milli> took = Clock::now() - logged->begun;
  options_.access_log->add({.time = logged->time,
                            .client = client_address_,
                            .user = logged->user,
                            .method = method_name(logged->method),
                            .path = logged->target,
                            .status = logged->status,
                            .bytes = logged->bytes,
                            .ms = took.count()});
}

// In pieces, so that patience starts anew with each that the client takes.
void Connection::write_some() {
  if (is_write_pending_) return;
  if (output_.is_empty()) return on_all_written();
  if (state_ != State::kReading) set_deadline(options_.send_timeout);
  is_write_pending_ = true;
  start_write(output_.next());
}

void Connection::on_written(const AsioError& failed, size_t size) {
  is_write_pending_ = false;
  if (failed) return close();
  if (state_ == State::kClosed) return;
  output_.consume(size);
  if (log_ != nullptr) log_->bytes += size;
  if (state_ == State::kStreaming) stream_->on_progress(output_.bytes());
  write_some();
}

void Connection::on_all_written() {
  switch (state_) {
    case State::kReading: return read_some();  // "100 Continue" is out
    case State::kStreaming:
      if (is_stream_whole_) return on_answered();
      deadline_ = Clock::time_point::max();
      return begin_server_turn();
    case State::kAnswering: return on_answered();
    default: return;
  }
}

void Connection::on_answered() {
  log_request();
  busy_.reset();
  stream_.reset();
  input_.reset();
  if (keep_alive_) return read_next();
  set_deadline(kLinger);
  if (is_lingering_) {
    state_ = State::kLingering;
    end_output();
    return read_some();
  }
  state_ = State::kShutDown;
  shut_down();
}

}  // namespace omashu::http
