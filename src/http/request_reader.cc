#include "http/request_reader.h"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/optional.hpp>

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

 private:
  void on_request_impl(beast_http::verb verb, BeastText, BeastText target, int, error_code&) override {
    request.method = method_of(verb);
    request.target = view(target);
  }

  void on_field_impl(beast_http::field field, BeastText name, BeastText value, error_code& error) override {
    if (request.fields.size() == kMaxFields) {
      error = beast_http::error::header_limit;
      return;
    }
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
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  void on_chunk_header_impl(std::uint64_t, BeastText, error_code&) override {}
  void on_finish_impl(error_code&) override {}
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
    const std::size_t used = parser_->put(boost::asio::buffer(unread_, limits_.head_bytes), error);
    unread_.erase(0, used);
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

RequestReader::Progress RequestReader::fail(int status, std::string reason) {
  error_status_ = status;
  error_reason_ = std::move(reason);
  return Progress::kFailed;
}

bool RequestReader::is_between_requests() const { return !parser_->has_begun; }

bool RequestReader::keep_alive() const { return parser_->keep_alive(); }

Request RequestReader::take_request() {
  Request request = std::move(parser_->request);
  parser_ = std::make_unique<Parser>(limits_);
  told_continue_ = false;
  return request;
}

int RequestReader::error_status() const { return error_status_; }

std::string_view RequestReader::error_reason() const { return error_reason_; }

}  // namespace omashu::http
