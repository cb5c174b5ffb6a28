#include "cli/server/kafka_listeners.h"

#include <arpa/inet.h>
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>
#include <string_view>

#include "net/listen_address.h"

namespace omashu::cli {
namespace {

using broker::Endpoint;
using broker::ListenerOptions;

constexpr std::string_view kPlaintext = "PLAINTEXT";
constexpr std::array<std::string_view, 3> kOtherProtocols = {"SSL", "SASL_PLAINTEXT", "SASL_SSL"};

struct NamedEndpoint {
  std::string name;  // in capitals: Kafka's names do not tell cases apart
  Endpoint endpoint;
};

std::unexpected<Error> refuse(std::string_view option, std::string_view text, std::string_view problem) {
  return fail(ErrorCode::kInvalidArgument, fmt::format("{} {}: {}", option, text, problem));
}

bool is_listener_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.';
  });
}

Result<NamedEndpoint> parse_named_endpoint(std::string_view option, std::string_view text) {
  const size_t separator = text.find("://");
  const std::string_view name = text.substr(0, std::min(separator, text.size()));
  if (separator == std::string_view::npos || !is_listener_name(name)) {
    return refuse(option, text, "give NAME://HOST:PORT, as in PLAINTEXT://127.0.0.1:9092");
  }
  NamedEndpoint parsed;
  std::ranges::transform(name, std::back_inserter(parsed.name),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  if (std::ranges::find(kOtherProtocols, parsed.name) != kOtherProtocols.end()) {
    return refuse(option, text, "the broker has neither TLS nor log-ins yet; its listeners speak PLAINTEXT alone");
  }
  auto address = net::parse_listen_address(text.substr(separator + 3));
  if (!address) return fail(std::move(address).error().within(fmt::format("{} {}", option, text)));
  parsed.endpoint = {std::move(address->host), address->port};
  return parsed;
}

bool is_loopback(const std::string& host) { return net::ListenAddress{host, 0}.is_loopback(); }

// 0.0.0.0 and [::], however they are written: all addresses of the machine, and none that a client could connect to.
bool is_unspecified(const std::string& host) {
  in_addr ipv4{};
  in6_addr ipv6{};
  if (::inet_pton(AF_INET, host.c_str(), &ipv4) == 1) return ipv4.s_addr == INADDR_ANY;
  return ::inet_pton(AF_INET6, host.c_str(), &ipv6) == 1 && IN6_IS_ADDR_UNSPECIFIED(&ipv6) != 0;
}

bool use_the_same_port(const Endpoint& one, const Endpoint& other) {
  if (one.port == 0 || one.port != other.port) return false;
  return one.host == other.host || is_unspecified(one.host) || is_unspecified(other.host);
}

Result<void> check_listener(std::string_view option, std::string_view text, const ListenerOptions& listener,
                            bool may_listen_anywhere) {
  if (is_loopback(listener.listen.host) || may_listen_anywhere) return {};
  return refuse(option, text,
                "it can be reached from other machines, and nothing here asks who they are; if that is wanted, add "
                "--insecure-listen");
}

Result<ListenerOptions> short_form(const KafkaListenerArguments& arguments) {
  const std::string text = arguments.kafka.value_or("127.0.0.1:9092");
  auto address = net::parse_listen_address(text);
  if (!address) return fail(std::move(address).error().within("--kafka"));
  ListenerOptions listener{.name = std::string(kPlaintext),
                           .listen = {std::move(address->host), address->port},
                           .advertised = {.host = arguments.advertised_host.value_or("")}};
  if (auto checked = check_listener("--kafka", text, listener, arguments.may_listen_anywhere); !checked) {
    return fail(std::move(checked).error());
  }
  return listener;
}

Result<void> add_listener(const std::string& text, bool may_listen_anywhere, std::vector<ListenerOptions>& listeners) {
  constexpr std::string_view kOption = "--listener";
  auto parsed = parse_named_endpoint(kOption, text);
  if (!parsed) return fail(std::move(parsed).error());
  const ListenerOptions added{.name = parsed->name, .listen = parsed->endpoint};
  for (const ListenerOptions& other : listeners) {
    if (other.name == added.name) return refuse(kOption, text, fmt::format("there are two named {}", added.name));
    if (use_the_same_port(other.listen, added.listen)) {
      return refuse(kOption, text, fmt::format("{} listens on port {} already", other.name, added.listen.port));
    }
  }
  if (auto checked = check_listener(kOption, text, added, may_listen_anywhere); !checked) return checked;
  listeners.push_back(added);
  return {};
}

Result<void> set_advertised(const std::string& text, std::vector<ListenerOptions>& listeners) {
  constexpr std::string_view kOption = "--advertised-listener";
  auto parsed = parse_named_endpoint(kOption, text);
  if (!parsed) return fail(std::move(parsed).error());
  const auto listener = std::ranges::find(listeners, parsed->name, &ListenerOptions::name);
  if (listener == listeners.end()) return refuse(kOption, text, fmt::format("there is no listener {}", parsed->name));
  if (!listener->advertised.host.empty()) {
    return refuse(kOption, text, fmt::format("what {} advertises was said before", parsed->name));
  }
  listener->advertised = std::move(parsed->endpoint);
  return {};
}

// The names that clients are told need not resolve here, but something must be there to be told.
Result<void> check_advertised(const ListenerOptions& listener, bool is_short_form) {
  const std::string& told = listener.advertised.host.empty() ? listener.listen.host : listener.advertised.host;
  if (!is_unspecified(told)) return {};
  return fail(ErrorCode::kInvalidArgument,
              fmt::format("no client can connect to {}; say where clients of {} find this machine: {}", told,
                          is_short_form ? "--kafka" : listener.name,
                          is_short_form ? "--advertised-host HOST"
                                        : fmt::format("--advertised-listener {}://HOST:PORT", listener.name)));
}

}  // namespace

Result<std::vector<ListenerOptions>> kafka_listeners(const KafkaListenerArguments& arguments) {
  std::vector<ListenerOptions> listeners;
  const bool is_short_form = arguments.listeners.empty();
  if (!is_short_form && arguments.kafka) {
    return fail(ErrorCode::kInvalidArgument,
                "--kafka is short for --listener PLAINTEXT://HOST:PORT: give one or the other");
  }
  if (!is_short_form && arguments.advertised_host) {
    return fail(ErrorCode::kInvalidArgument,
                "--advertised-host belongs to --kafka; with --listener, give --advertised-listener NAME://HOST:PORT");
  }
  if (is_short_form) {
    auto listener = short_form(arguments);
    if (!listener) return fail(std::move(listener).error());
    listeners.push_back(*std::move(listener));
  }
  for (const std::string& text : arguments.listeners) {
    if (auto added = add_listener(text, arguments.may_listen_anywhere, listeners); !added) {
      return fail(std::move(added).error());
    }
  }
  for (const std::string& text : arguments.advertised_listeners) {
    if (auto set = set_advertised(text, listeners); !set) return fail(std::move(set).error());
  }
  for (const ListenerOptions& listener : listeners) {
    if (auto checked = check_advertised(listener, is_short_form); !checked) return fail(std::move(checked).error());
  }
  return listeners;
}

bool is_reachable_here(const ListenerOptions& listener) {
  return is_loopback(listener.listen.host) &&
         (listener.advertised.host.empty() || is_loopback(listener.advertised.host)) &&
         (listener.advertised.port == 0 || listener.advertised.port == listener.listen.port);
}

std::string endpoint_text(const Endpoint& endpoint) { return net::address_text({endpoint.host, endpoint.port}); }

}  // namespace omashu::cli
