#include "cli/server/http_options.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <string_view>
#include <utility>

#include "cli/build_info.h"
#include "cli/option_parser.h"
#include "net/file_limit.h"
#include "net/listen_address.h"

namespace omashu::cli {

namespace {

// "50" or "50/200".
Result<http::RateLimit> parse_rate_limit(std::string_view text) {
  const size_t slash = std::min(text.find('/'), text.size());
  const auto number = [](std::string_view digits) {
    int value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return error == std::errc() && end == digits.data() + digits.size() && value <= 1'000'000 ? value : 0;
  };
  const int rate = number(text.substr(0, slash));
  const int burst = slash == text.size() ? 2 * rate : number(text.substr(slash + 1));
  if (rate < 1 || burst < 1) {
    return fail(ErrorCode::kInvalidArgument, "--rate-limit is a number of requests a second, as 50, or 50/200");
  }
  return http::RateLimit{.requests_per_second = static_cast<double>(rate), .burst = burst};
}

constexpr int64_t kMinTableMib = table::StoreMemory::kMinBytes >> 20, kMaxTableMib = 1 << 20;

}  // namespace

void HttpOptions::declare(OptionParser& options) {
  options.heading("HTTP");
  options.option("--http", "HOST:PORT", address_,
                 "where the HTTP service listens (default 127.0.0.1:8080); port 0 takes a free one");
  options.option("--http-host-name", "NAME", host_names_,
                 "a name under which clients address it; may be repeated. On loopback it answers to no others");
  options.option("--tls-cert", "FILE", tls_.certificate, "HTTPS with this certificate (PEM, its chain behind it)");
  options.option("--tls-key", "FILE", tls_.key, "its key (PEM; default: in the same file)");
  options.option("--password-file", "FILE", password_file_,
                 "who may come in: lines of NAME:HASH or NAME:HASH:ROLES, hashed by openssl passwd -6 or htpasswd -B; "
                 "roles are read, write and admin, for some tables alone read@status-*, with commas between them");
  options.option("--token-file", "FILE", token_file_,
                 "who may come in with a bearer token: lines of NAME:SHA256:ROLES, hashed by "
                 "`printf %s TOKEN | sha256sum`");
  options.option("--allow-origin", "ORIGIN", allowed_origins_,
                 "pages of https://… may ask from browsers (CORS); may be repeated. With '*' all may, but only read");
  options.option("--rate-limit", "N[/BURST]", rate_limit_,
                 "answer each client at most N times a second, BURST times at once (default 2 N); others get 429");
  options.option("--access-log", "FILE", access_log_, "a line of JSON for each request; - is the standard output");
  options.option("--table-memory", "MIB", table_memory_mib_,
                 fmt::format("MiB for rows of tables that are kept in memory (default {})",
                             table::StoreMemory::kDefaultBytes >> 20));
}

Result<void> HttpOptions::check(bool may_listen_anywhere) {
  auto parsed = net::parse_listen_address(address());
  if (!parsed) return fail(std::move(parsed).error().within("--http"));
  if (tls_.certificate.empty() && !tls_.key.empty()) {
    return fail(ErrorCode::kInvalidArgument, "--tls-key needs --tls-cert");
  }
  if (rate_limit_) {
    if (auto limit = parse_rate_limit(*rate_limit_); !limit) return fail(std::move(limit.error()));
  }
  if (table_memory_mib_ && (*table_memory_mib_ < kMinTableMib || *table_memory_mib_ > kMaxTableMib)) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("--table-memory {}: from {} to {} MiB", *table_memory_mib_, kMinTableMib, kMaxTableMib));
  }
  is_exposed_ = !parsed->is_loopback() && (tls_.certificate.empty() || !(password_file_ || token_file_));
  if (!is_exposed_ || may_listen_anywhere) return {};
  return fail(
      ErrorCode::kInvalidArgument,
      fmt::format("--http {}: others can reach it there: give --tls-cert and --password-file or --token-file, or "
                  "--insecure-listen where the network is trusted",
                  address()));
}

std::shared_ptr<table::StoreMemory> HttpOptions::table_memory() const {
  if (!table_memory_mib_) return std::make_shared<table::StoreMemory>();
  return std::make_shared<table::StoreMemory>(static_cast<size_t>(*table_memory_mib_) << 20);
}

Result<service::ServiceOptions> HttpOptions::service_options() const {
  service::ServiceOptions options;
  options.version = build_description();
  options.http.address = address();
  options.http.host_names = host_names_;
  options.http.tls = tls_;
  options.http.threads = 0;
  options.http.max_connections = std::min<size_t>(20'000, net::raise_open_file_limit() / 2);
  auto authenticator = read_authenticator();
  if (!authenticator) return fail(std::move(authenticator.error()));
  options.http.authenticator = *std::move(authenticator);
  options.http.allowed_origins = allowed_origins_;
  if (rate_limit_) options.http.rate_limit = parse_rate_limit(*rate_limit_).value();
  if (access_log_) {
    auto log = http::AccessLog::open(*access_log_);
    if (!log) return fail(std::move(log.error()));
    options.http.access_log = *std::move(log);
  }
  return options;
}

Result<std::shared_ptr<http::Authenticator>> HttpOptions::read_authenticator() const {
  if (!password_file_ && !token_file_) return nullptr;
  std::optional<http::PasswordFile> passwords;
  std::optional<http::TokenFile> tokens;
  if (password_file_) {
    auto read = http::PasswordFile::read(*password_file_);
    if (!read) return fail(std::move(read.error()));
    passwords = *std::move(read);
  }
  if (token_file_) {
    auto read = http::TokenFile::read(*token_file_);
    if (!read) return fail(std::move(read.error()));
    tokens = *std::move(read);
  }
  return std::make_shared<http::Authenticator>(std::move(passwords), std::move(tokens));
}

Error naming_option(Error error, std::string_view option) {
  if (error.code == ErrorCode::kAlreadyExists) {
    error.message +=
        fmt::format(": another program has this port; give another with {}, where port 0 takes a free one", option);
  }
  return error;
}

}  // namespace omashu::cli
