// The files of a server with TLS.

#pragma once

#include <string>

namespace omashu::net {

struct TlsFiles {
  std::string certificate = {};  // PEM, with the chain behind it
  std::string key = {};          // PEM

  bool is_set() const { return !certificate.empty(); }
};

}  // namespace omashu::net
