// Whether a request is meant for this server, by its Host line.
//
// A page from anywhere can have its own name resolve to 127.0.0.1 (DNS rebinding) and then speaks, from the user's
// browser, to servers that believe themselves out of reach. Such requests carry the page's name. So a server that
// listens on loopback answers only to loopback's names and addresses, and to names that it has been given. One that
// listens beyond loopback, where it may have any name, is open to names that it knows nothing of until it is given
// some; from then on it answers to these, and to every address written out.
//
// Immutable, and so thread-safe.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "net/listen_address.h"

namespace omashu::http {

class HostCheck {
 public:
  HostCheck() = default;  // lets everything pass
  HostCheck(const net::ListenAddress& address, const std::vector<std::string>& names);

  // The value of the Host line: "localhost:8081". Nothing is there only in HTTP/1.0, which no browser speaks.
  bool lets_pass(std::string_view host_field) const;

 private:
  bool is_on_ = false;
  bool takes_any_address_ = false;
  std::vector<std::string> names_;  // in small letters
};

}  // namespace omashu::http
