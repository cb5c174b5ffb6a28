#include "http/router.h"

#include <algorithm>

namespace omashu::http {

struct Router::Node {
  std::map<std::string, std::unique_ptr<Node>, std::less<>> words;
  std::unique_ptr<Node> any;  // {name}
  std::map<Method, Route> routes;
};

namespace {

// The first segment of a path that starts with a slash, which it takes off.
std::string_view take_segment(std::string_view& rest) {
  rest.remove_prefix(1);
  const std::string_view segment = rest.substr(0, rest.find('/'));
  rest.remove_prefix(segment.size());
  return segment;
}

bool is_parameter(std::string_view segment) { return segment.starts_with('{') && segment.ends_with('}'); }

}  // namespace

const std::string& Exchange::parameter(std::string_view name) const {
  static const std::string none;
  const auto found = std::ranges::find(parameters_, name, &std::pair<std::string_view, std::string>::first);
  return found == parameters_.end() ? none : found->second;
}

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

void Router::add(Method method, std::string_view pattern, Access access, Handler handler) {
  Route route{std::string(pattern), {}, access, std::move(handler)};
  Node* node = root_.get();
  for (std::string_view rest = pattern; !rest.empty() && rest != "/";) {
    const std::string_view segment = take_segment(rest);
    std::unique_ptr<Node>& next = is_parameter(segment) ? node->any : node->words[std::string(segment)];
    if (is_parameter(segment)) route.parameter_names.emplace_back(segment.substr(1, segment.size() - 2));
    if (next == nullptr) next = std::make_unique<Node>();
    node = next.get();
  }
  node->routes.insert_or_assign(method, std::move(route));
}

const Router::Node* Router::descend(const Node& node, std::string_view rest, std::vector<std::string>& values) const {
  if (rest.empty() || rest == "/") return node.routes.empty() ? nullptr : &node;
  const std::optional<std::string> segment = percent_decoded(take_segment(rest), false);
  if (!segment || segment->empty()) return nullptr;
  if (const auto word = node.words.find(*segment); word != node.words.end()) {
    if (const Node* found = descend(*word->second, rest, values)) return found;
  }
  if (node.any == nullptr) return nullptr;
  values.push_back(*segment);
  const Node* found = descend(*node.any, rest, values);
  if (found == nullptr) values.pop_back();
  return found;
}

Router::Match Router::find(Method method, std::string_view path) const {
  std::vector<std::string> values;
  const Node* node = path.starts_with('/') ? descend(*root_, path, values) : nullptr;
  if (node == nullptr) return {};
  auto found = node->routes.find(method);
  if (found == node->routes.end() && method == Method::kHead) found = node->routes.find(Method::kGet);
  Match match;
  if (found == node->routes.end()) {
    for (const auto& [allowed, route] : node->routes) {
      if (!match.allowed.empty()) match.allowed += ", ";
      match.allowed += method_name(allowed);
    }
    return match;
  }
  match.route = &found->second;
  for (size_t i = 0; i < values.size(); ++i) {
    match.parameters.emplace_back(match.route->parameter_names[i], std::move(values[i]));
  }
  return match;
}

}  // namespace omashu::http
