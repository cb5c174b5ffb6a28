#include "http/request_reader.h"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/optional.hpp>

#include <algorithm>
#include <utility>

namespace omashu::http {

namespace {

namespace beast_http = boost::beast::http;
using BeastText = boost::beast::string_view;
using boost::beast::error_code;

// Lines of a head; a browser sends some twenty.
constexpr size_t kMaxFields = 100;

// The least that ends a chunked body. Boost 1.74's parser takes for granted that it sees a last chunk's line with as
// many bytes as this, and asserts it.
constexpr std::string_view kLastChunk = "0\r\n\r\n";

std::string_view view(BeastText text) { return {text.data(), text.size()}; }

Method method_of(beast_http::verb verb) {
  switch (verb) {
    case beast_http::verb::get: return Method::kGet;
    case beast_http::verb::head: return Method::kHead;
    case beast_http::verb::post: return Method::kPost;
    case beast_http::verb::put: return Method::kPut;
    case beast_http::verb::patch: return Method::kPatch;
    case beast_http::verb::delete_: return Method::kDelete;
    case beast_http::verb::options: return Method::kOptions;
    default: return Method::kOther;
  }
}

std::string small_letters(std::string_view text) {
  std::string small(text);
  for (char& c : small) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return small;
}

// A line that begins with a blank continues the one before it (RFC 9112, 5.2), which programs in front of this one may
// have understood otherwise. Beast takes a line and those that continue it at once.
bool has_folded_line(std::string_view lines) {
  return lines.find("\n ") != std::string_view::npos || lines.find("\n\t") != std::string_view::npos;
}

// RFC 3986, 3.2.2: characters of a name or an address, and a port behind it.
bool is_host(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return is_letter || (c >= '0' && c <= '9') ||
           std::string_view("-._~%!$&'()*+;=:[]").find(c) != std::string_view::npos;
  });
}

}  // namespace

// Beast's grammar of HTTP, filling a Request.
class RequestReader::Parser : public beast_http::basic_parser<true> {
 public:
  explicit Parser(const RequestLimits& limits) {
    header_limit(static_cast<std::uint32_t>(limits.head_bytes));
    body_limit(limits.body_bytes);
  }

  Request request;
  bool has_begun = false;
  bool expects_continue = false;
  int version = 0;   // 11 for HTTP/1.1
  size_t hosts = 0;  // lines of Host

 private:
  void on_request_impl(beast_http::verb verb, BeastText, BeastText target, int number, error_code&) override {
    version = number;
    request.method = method_of(verb);
    request.target = view(target);
  }

  void on_field_impl(beast_http::field field, BeastText name, BeastText value, error_code& error) override {
    if (++lines_ > kMaxFields) {
      error = beast_http::error::header_limit;
      return;
    }
    if (is_head_done_) return;  // a trailer: nothing here asks for any
    if (field == beast_http::field::host) ++hosts;
    if (field == beast_http::field::expect) expects_continue = small_letters(view(value)) == "100-continue";
    request.fields.push_back({small_letters(view(name)), std::string(view(value))});
  }

  std::size_t on_body_impl(BeastText bytes, error_code&) override {
    request.body.append(bytes.data(), bytes.size());
    return bytes.size();
  }

  std::size_t on_chunk_body_impl(std::uint64_t, BeastText bytes, error_code& error) override {
    return on_body_impl(bytes, error);
  }

  void on_response_impl(int, BeastText, int, error_code&) override {}
  void on_header_impl(error_code&) override { is_head_done_ = true; }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  void on_chunk_header_impl(std::uint64_t, BeastText, error_code&) override {}
  void on_finish_impl(error_code&) override {}

  size_t lines_ = 0;
  bool is_head_done_ = false;
};

RequestReader::RequestReader(const RequestLimits& limits)
    : limits_(limits), parser_(std::make_unique<Parser>(limits)) {}
RequestReader::~RequestReader() = default;

RequestReader::Progress RequestReader::read(std::string_view bytes) {
  unread_ += bytes;
  return parse();
}

RequestReader::Progress RequestReader::parse() {
  if (error_status_ != 0) return Progress::kFailed;
  while (!unread_.empty() && !parser_->is_done()) {
    const bool is_in_chunks = parser_->is_header_done() && parser_->chunked();
    if (is_in_chunks && unread_.front() == '0' && unread_.size() < kLastChunk.size()) break;
    parser_->has_begun = true;
    error_code error;
    // No more at once than a head may have: a chunk's line or a trailer that does not end in it is too large, however
    // its bytes came. (Beast bounds the head alone.)
    const bool is_all = unread_.size() < limits_.head_bytes;
    const bool had_head = parser_->is_header_done();
    const std::size_t used = parser_->put(boost::asio::buffer(unread_, limits_.head_bytes), error);
    std::string wrong;
    if (!had_head && has_folded_line(std::string_view(unread_).substr(0, used))) wrong = "a line of the head is folded";
    if (!had_head && wrong.empty() && parser_->is_header_done()) wrong = wrong_in_head();
    unread_.erase(0, used);
    if (!wrong.empty()) return fail(400, wrong);
    if (error == beast_http::error::need_more) {
      if (used > 0) continue;
      if (is_all) break;
      error = beast_http::error::header_limit;
    }
    if (error == beast_http::error::body_limit) {
      return fail(413, "the body is larger than " + std::to_string(limits_.body_bytes) + " bytes");
    }
    if (error == beast_http::error::header_limit) {
      return fail(431, "the head, a chunk's line or the trailer is larger than " + std::to_string(limits_.head_bytes) +
                           " bytes, or has over " + std::to_string(kMaxFields) + " lines");
    }
    if (error) return fail(400, "this is not HTTP: " + error.message());
  }
  if (parser_->is_done()) return Progress::kComplete;
  if (parser_->is_header_done() && parser_->expects_continue && !std::exchange(told_continue_, true)) {
    return Progress::kWantsContinue;
  }
  return Progress::kNeedsMore;
}

// What Beast lets pass, but leaves open which host is meant (RFC 9112, 3.2). "" where nothing is wrong.
std::string RequestReader::wrong_in_head() const {
  if (parser_->hosts > 1) return "there are several Host lines";
  if (parser_->hosts == 0 && parser_->version >= 11) return "there is no Host line";
  if (!is_host(parser_->request.field("host"))) return "the Host line names no host";
  return "";
}

RequestReader::Progress RequestReader::fail(int status, std::string reason) {
  error_status_ = status;
  error_reason_ = std::move(reason);
  return Progress::kFailed;
}

void RequestReader::keep(std::string_view bytes) { unread_ += bytes; }

size_t RequestReader::unread_bytes() const { return unread_.size(); }

std::string RequestReader::take_unread() { return std::exchange(unread_, {}); }

bool RequestReader::is_between_requests() const { return !parser_->has_begun; }

size_t RequestReader::body_bytes() const {
  if (!parser_->is_header_done()) return 0;
  if (parser_->chunked()) return limits_.body_bytes;
  return parser_->content_length().value_or(0);  // bounded: a larger one has failed
}

bool RequestReader::keep_alive() const { return parser_->keep_alive(); }

bool RequestReader::takes_chunks() const { return parser_->version >= 11; }

Request RequestReader::take_request() {
  Request request = std::move(parser_->request);
  parser_ = std::make_unique<Parser>(limits_);
  told_continue_ = false;
  return request;
}

int RequestReader::error_status() const { return error_status_; }

std::string_view RequestReader::error_reason() const { return error_reason_; }

}  // namespace omashu::http
