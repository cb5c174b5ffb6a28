// Where Kafka clients connect to `omashu up`, and what they are told, from its options in Kafka's words.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "broker/server/server.h"
#include "omashu/result.h"

namespace omashu::cli {

struct KafkaListenerArguments {
  std::optional<std::string> kafka = {};               // --kafka HOST:PORT: short for --listener PLAINTEXT://HOST:PORT
  std::optional<std::string> advertised_host = {};     // --advertised-host HOST, of --kafka
  std::vector<std::string> listeners = {};             // --listener NAME://HOST:PORT
  std::vector<std::string> advertised_listeners = {};  // --advertised-listener NAME://HOST:PORT
  bool may_listen_anywhere = false;                    // --insecure-listen
};

// A name stands for the protocol PLAINTEXT, whatever it is; the names of Kafka's other protocols are refused. Without
// any argument it is PLAINTEXT://127.0.0.1:9092.
Result<std::vector<broker::ListenerOptions>> kafka_listeners(const KafkaListenerArguments& arguments);

// Whether this process can connect to the listener, and stays connected with what it advertises: both are addresses of
// the loopback interface.
bool is_reachable_here(const broker::ListenerOptions& listener);

// "127.0.0.1:9092", "[::1]:9092"
std::string endpoint_text(const broker::Endpoint& endpoint);

}  // namespace omashu::cli
