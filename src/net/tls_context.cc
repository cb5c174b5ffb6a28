#include "net/tls_context.h"

#include <fmt/core.h>

namespace omashu::net {

namespace ssl = boost::asio::ssl;

Result<std::unique_ptr<ssl::context>> make_tls_context(const TlsFiles& files) {
  if (!files.is_set()) return nullptr;
  auto context = std::make_unique<ssl::context>(ssl::context::tls_server);
  context->set_options(ssl::context::default_workarounds | ssl::context::no_sslv2 | ssl::context::no_sslv3 |
                       ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1);
  boost::system::error_code error;
  context->use_certificate_chain_file(files.certificate, error);
  if (error) {
    return fail(ErrorCode::kIo,
                fmt::format("the certificate {} cannot be used: {}", files.certificate, error.message()));
  }
  const std::string& key = files.key.empty() ? files.certificate : files.key;
  context->use_private_key_file(key, ssl::context::pem, error);
  if (error) {
    return fail(ErrorCode::kIo, fmt::format("the key {} cannot be used with the certificate {}: {}", key,
                                            files.certificate, error.message()));
  }
  return context;
}

}  // namespace omashu::net
