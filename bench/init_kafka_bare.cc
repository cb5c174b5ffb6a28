// The calls that init-kafka makes for the topics and schemas of bench/init_kafka, sent in the best way known and with
// nothing around them: the look-ups and the registrations pipelined on a few connections, one CreateTopics that
// validates and one that creates. What is answered is only counted. Prints the seconds of the writes alone.
//
//   init_kafka_bare BOOTSTRAP REGISTRY_PORT REGISTRY_PATH PREFIX COUNT SCHEMAS_DIR

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "base/json.h"
#include "kafka/admin.h"

using namespace omashu;

namespace {

constexpr int kConnections = 8;

[[noreturn]] void die(const std::string& what) {
  fmt::print(stderr, "init_kafka_bare: {}\n", what);
  std::exit(1);
}

std::string name_of(const std::string& prefix, int number) { return fmt::format("{}{}", prefix, number); }

std::string registration(const std::string& path, const std::string& prefix, int number, const std::string& folder) {
  std::ifstream file(fmt::format("{}/{}.avsc", folder, name_of(prefix, number)));
  const std::string schema{std::istreambuf_iterator<char>(file), {}};
  json::Value body = json::Value::object();
  body.add("schema", json::to_text(json::parse(schema).value()));
  const std::string text = json::to_text(body);
  return fmt::format(
      "POST {}/subjects/{}-value/versions HTTP/1.1\r\nHost: 127.0.0.1\r\n"
      "Content-Type: application/vnd.schemaregistry.v1+json\r\nContent-Length: {}\r\n\r\n{}",
      path, name_of(prefix, number), text.size(), text);
}

std::string look_up(const std::string& path, const std::string& prefix, int number) {
  return fmt::format("GET {}/subjects/{}-value/versions/latest HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", path,
                     name_of(prefix, number));
}

int connect_to(int port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) die("no registry");
  return socket;
}

void send_all(int socket, const std::string& text) {
  for (size_t sent = 0; sent < text.size();) {
    const ssize_t count = ::send(socket, text.data() + sent, text.size() - sent, 0);
    if (count <= 0) die("the registry hung up");
    sent += static_cast<size_t>(count);
  }
}

// Answers are short, so that none splits its first line from the one before by more than what is kept here.
void count_answers(int socket, size_t expected, std::string_view status) {
  std::string tail;
  char chunk[1 << 16];
  for (size_t ok = 0; ok < expected;) {
    const ssize_t count = ::recv(socket, chunk, sizeof chunk, 0);
    if (count <= 0) die("the registry hung up");
    tail.append(chunk, static_cast<size_t>(count));
    constexpr std::string_view kStatus = "HTTP/1.1 ";
    for (size_t at; (at = tail.find(kStatus)) != std::string::npos && at + kStatus.size() + 3 <= tail.size();) {
      if (tail.compare(at + kStatus.size(), 3, status) != 0) die(tail);
      ++ok;
      tail.erase(0, at + kStatus.size() + 3);
    }
  }
}

void ask_all(int port, const std::vector<std::string>& requests, std::string_view status) {
  std::vector<std::thread> threads;
  for (size_t first = 0; first < kConnections; ++first) {
    threads.emplace_back([&, first] {
      std::string text;
      size_t count = 0;
      for (size_t i = first; i < requests.size(); i += kConnections, ++count) text += requests[i];
      const int socket = connect_to(port);
      std::thread sender([&] { send_all(socket, text); });
      count_answers(socket, count, status);
      sender.join();
      ::close(socket);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

void create_all(kafka::Admin& admin, const std::vector<kafka::NewTopic>& topics, bool validate_only) {
  for (const Result<void>& answer : admin.create_topics(topics, validate_only)) {
    if (!answer) die(answer.error().message);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 7) die("BOOTSTRAP REGISTRY_PORT REGISTRY_PATH PREFIX COUNT SCHEMAS_DIR");
  const std::string prefix = argv[4];
  const int count = std::atoi(argv[5]);
  std::vector<std::string> look_ups;
  std::vector<std::string> registrations;
  std::vector<kafka::NewTopic> topics;
  for (int i = 0; i < count; ++i) {
    look_ups.push_back(look_up(argv[3], prefix, i));
    registrations.push_back(registration(argv[3], prefix, i, argv[6]));
    topics.push_back({name_of(prefix, i), 1, 1, {{"cleanup.policy", "compact"}}});
  }
  kafka::ClientConfig config;
  config.set("bootstrap.servers", argv[1]);
  auto admin = kafka::Admin::open(config, std::chrono::seconds(60));
  if (!admin) die(admin.error().message);

  ask_all(std::atoi(argv[2]), look_ups, "404");
  create_all(**admin, topics, /*validate_only=*/true);
  const auto begun = std::chrono::steady_clock::now();
  ask_all(std::atoi(argv[2]), registrations, "200");
  create_all(**admin, topics, /*validate_only=*/false);
  fmt::print("{:.3f}\n", std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
  return 0;
}
