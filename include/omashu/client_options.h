// Where Kafka and the schema registry are, and how to be let in.

#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace omashu {

struct ClientOptions {
  std::string bootstrap_servers = "127.0.0.1:9092";

  // Tried in order where one is away. A URL may carry a base path, and "user:password@" before the host.
  std::vector<std::string> registry_urls = {"http://127.0.0.1:8081"};
  std::string registry_user_info;  // "user:password", for URLs that carry none; or
  std::string registry_token;      // a bearer token
  std::string registry_ca_file, registry_certificate_file, registry_key_file, registry_key_password;  // TLS, PEM

  // Kafka client properties under librdkafka's names ("security.protocol"); later entries win.
  std::vector<std::pair<std::string, std::string>> properties;

  // Of each wait for Kafka or the registry.
  std::chrono::milliseconds timeout{30'000};
};

}  // namespace omashu
