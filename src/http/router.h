// Which handler a request goes to, by its method and path.

#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/exchange.h"

namespace omashu::http {

// Called on a thread of the server, which must not be kept waiting: what takes time is answered later, from elsewhere.
using Handler = std::function<void(const ExchangePtr&)>;

// What a request does, and so who may make it.
enum class Access : uint8_t {
  kPublic,  // anybody, without a log-in: whether the process is healthy
  kKnown,   // whoever has logged in
  kRead,    // who has the role, for the table that the path names ({table}, {topic}), else for all
  kWrite,
  kAdmin,
};

struct Route {
  std::string pattern;
  std::vector<std::string> parameter_names;
  Access access = Access::kRead;
  Handler handler;
};

class Router {
 public:
  Router();
  ~Router();
  Router(Router&&) noexcept;
  Router& operator=(Router&&) noexcept;

  // "/subjects/{subject}/versions": a name in braces stands for one segment, which may be anything but empty. Where a
  // segment could also be a word of another pattern, the word wins. A slash at the end makes no difference.
  void add(Method method, std::string_view pattern, Access access, Handler handler);

  struct Match {
    const Route* route = nullptr;  // null: nothing is here, or not by this method
    std::vector<std::pair<std::string_view, std::string>> parameters = {};  // decoded
    std::string allowed = {};  // the methods that there are where this one is not: "GET, POST"
  };

  // HEAD goes where GET goes.
  Match find(Method method, std::string_view path) const;

 private:
  struct Node;
  const Node* descend(const Node& node, std::string_view rest, std::vector<std::string>& values) const;

  std::unique_ptr<Node> root_;
};

}  // namespace omashu::http
