#include "cli/server/http_options.h"

#include <fmt/core.h>

#include <memory>
#include <utility>

#include "cli/build_info.h"
#include "cli/option_parser.h"
#include "net/file_limit.h"
#include "net/listen_address.h"

namespace omashu::cli {

void HttpOptions::declare(OptionParser& options) {
  options.heading("HTTP");
  options.option("--http", "HOST:PORT", address_,
                 "where the HTTP service listens (default 127.0.0.1:8080); port 0 takes a free one");
  options.option("--http-host-name", "NAME", host_names_,
                 "a name under which clients address it; may be repeated. On loopback it answers to no others");
  options.option("--tls-cert", "FILE", tls_.certificate, "HTTPS with this certificate (PEM, its chain behind it)");
  options.option("--tls-key", "FILE", tls_.key, "its key (PEM; default: in the same file)");
  options.option("--password-file", "FILE", password_file_,
                 "who may come in: lines of NAME:HASH, or NAME:HASH:read-only, hashed by openssl passwd -6 or "
                 "htpasswd -B");
}

Result<void> HttpOptions::check(bool may_listen_anywhere) {
  auto parsed = net::parse_listen_address(address());
  if (!parsed) return fail(std::move(parsed).error().within("--http"));
  if (tls_.certificate.empty() && !tls_.key.empty()) {
    return fail(ErrorCode::kInvalidArgument, "--tls-key needs --tls-cert");
  }
  is_exposed_ = !parsed->is_loopback() && (tls_.certificate.empty() || !password_file_);
  if (!is_exposed_ || may_listen_anywhere) return {};
  return fail(ErrorCode::kInvalidArgument,
              fmt::format("--http {}: others can reach it there: give --tls-cert and --password-file, or "
                          "--insecure-listen where the network is trusted",
                          address()));
}

Result<service::ServiceOptions> HttpOptions::service_options() const {
  service::ServiceOptions options;
  options.version = build_description();
  options.http.address = address();
  options.http.host_names = host_names_;
  options.http.tls = tls_;
  options.http.threads = 0;
  options.http.max_connections = std::min<size_t>(20'000, net::raise_open_file_limit() / 2);
  if (password_file_) {
    auto passwords = http::PasswordFile::read(*password_file_);
    if (!passwords) return fail(std::move(passwords.error()));
    options.http.authenticator = std::make_shared<http::Authenticator>(*std::move(passwords));
  }
  return options;
}

Error naming_option(Error error, std::string_view option) {
  if (error.code == ErrorCode::kAlreadyExists) {
    error.message +=
        fmt::format(": another program has this port; give another with {}, where port 0 takes a free one", option);
  }
  return error;
}

}  // namespace omashu::cli
