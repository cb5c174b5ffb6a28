// The schema registry: Confluent's REST API over the topic _schemas of a Kafka. An ordinary Kafka client, in any
// process.
//
// Several registries may run over one topic. Each answers reads; one leads and writes, the others send writes on to it.

#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "http/server.h"
#include "kafka/types.h"
#include "omashu/result.h"

namespace omashu::schema_registry::server {

struct ServerOptions {
  kafka::ClientConfig kafka;
  std::string topic = "_schemas";

  http::ServerOptions http = {};  // error_response is the registry's own

  enum class Leadership {
    kGroup,  // elected by the consumer group `group`, among all that are in it
    kAlone,  // there is no other registry over this topic: leads at once
    kNever,  // only ever sends writes on
  };
  Leadership leadership = Leadership::kGroup;
  std::string group = "schema-registry";

  // Under which the other registries reach this one; "": where it listens.
  std::string advertised_url = {};
  std::string forward_ca_file = {};  // PEM: whom to trust when writes are sent on; "": the system's list

  std::chrono::milliseconds start_timeout{60'000};  // until all schemas are read
  std::chrono::milliseconds write_timeout{10'000};

  std::string version = {};  // for GET /v1/metadata/version
  // What goes wrong while the server runs, a line each. From any thread.
  std::function<void(std::string_view message)> on_error = [](std::string_view) {};
};

class Server {
 public:
  // Returns when all schemas are read and requests are answered. Somebody leads a moment later: writes wait for it.
  static Result<std::unique_ptr<Server>> start(ServerOptions options);
  virtual ~Server() = default;  // stops

  virtual std::string address() const = 0;  // "127.0.0.1:8081"
  virtual std::string url() const = 0;      // "http://127.0.0.1:8081"

  // Answers what is under way, and leaves the group.
  virtual void stop() = 0;
};

}  // namespace omashu::schema_registry::server
