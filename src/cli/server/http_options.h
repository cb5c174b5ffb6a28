// Where and how an HTTP service listens, from options that mean the same to `omashu up` and `omashu serve`.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/tls_files.h"
#include "omashu/result.h"
#include "service/service.h"
#include "table/store/store_memory.h"

namespace omashu::cli {

class OptionParser;

class HttpOptions {
 public:
  // Under the heading "HTTP".
  void declare(OptionParser& options);

  // What the options alone say; `may_listen_anywhere` is --insecure-listen.
  Result<void> check(bool may_listen_anywhere);

  // Reads the files that the options name.
  Result<service::ServiceOptions> service_options() const;

  // Of all tables together.
  std::shared_ptr<table::StoreMemory> table_memory() const;

  std::string address() const { return address_.value_or("127.0.0.1:8080"); }
  bool is_given() const { return address_.has_value(); }
  bool is_exposed() const { return is_exposed_; }  // others reach it, without TLS or without log-ins

 private:
  Result<std::shared_ptr<http::Authenticator>> read_authenticator() const;

  std::optional<std::string> address_;
  std::vector<std::string> host_names_;
  net::TlsFiles tls_;
  std::optional<std::string> password_file_;
  std::optional<std::string> token_file_;
  std::vector<std::string> allowed_origins_;
  std::optional<std::string> rate_limit_;
  std::optional<std::string> access_log_;
  std::optional<int64_t> table_memory_mib_;
  bool is_exposed_ = false;
};

// Where a port is taken: the option that names another one.
Error naming_option(Error error, std::string_view option);

}  // namespace omashu::cli
