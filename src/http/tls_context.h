// OpenSSL's context for a server. Private to this folder.

#pragma once

#include <boost/asio/ssl/context.hpp>

#include <memory>

#include "http/tls_files.h"
#include "omashu/result.h"

namespace omashu::http {

// TLS 1.2 and later. Null where no certificate is named. Errors name the file.
Result<std::unique_ptr<boost::asio::ssl::context>> make_tls_context(const TlsFiles& files);

}  // namespace omashu::http
