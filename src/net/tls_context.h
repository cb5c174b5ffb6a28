// OpenSSL's context for the TLS listeners of a server.

#pragma once

#include <boost/asio/ssl/context.hpp>

#include <memory>

#include "net/tls_files.h"
#include "omashu/result.h"

namespace omashu::net {

// TLS 1.2 and later. Null where no certificate is named. Errors name the file.
Result<std::unique_ptr<boost::asio::ssl::context>> make_tls_context(const TlsFiles& files);

}  // namespace omashu::net
