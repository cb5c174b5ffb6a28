#include "broker/server/server.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <set>
#include <vector>

#include "broker/handler/testing/broker_fixture.h"
#include "broker/protocol/00_produce.h"
#include "broker/protocol/01_fetch.h"
#include "broker/protocol/03_metadata.h"
#include "broker/protocol/18_api_versions.h"
#include "broker/protocol/19_create_topics.h"

namespace omashu::broker {
namespace {

// A client's socket, blocking, with a deadline.
class Client {
 public:
  explicit Client(uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval deadline{.tv_sec = 30, .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &deadline, sizeof deadline);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  }
  ~Client() { ::close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return;
      bytes.remove_prefix(static_cast<size_t>(count));
    }
  }
  template <class Request>
  void send_request(const Request& request, int16_t version, int32_t correlation_id) {
    send(encode_request(request, version, correlation_id, "tester"));
  }

  // The next answer, without its size; "" where the connection is closed.
  std::string receive() {
    const std::string size = receive_bytes(4);
    if (size.size() < 4) return "";
    uint32_t count = 0;
    for (const char c : size) count = count << 8 | static_cast<unsigned char>(c);
    return receive_bytes(count);
  }

 private:
  std::string receive_bytes(size_t count) {
    std::string bytes(count, '\0');
    size_t have = 0;
    while (have < count) {
      const ssize_t some = ::recv(socket_, bytes.data() + have, count - have, 0);
      if (some <= 0) return "";
      have += static_cast<size_t>(some);
    }
    return bytes;
  }

  int socket_;
};

int32_t correlation_id(std::string_view answer) {
  return answer.size() < 4 ? -1 : parse_response(answer, ApiVersionsRequest::kApi, 0)->correlation_id;
}

// What a client that connects to this port is told.
MetadataResponse::Broker broker_in_metadata(uint16_t port) {
  Client client(port);
  client.send_request(MetadataRequest{}, 1, 5);
  const std::string answer = client.receive();
  EXPECT_EQ(correlation_id(answer), 5);
  const auto metadata = decode<MetadataResponse>(parse_response(answer, MetadataRequest::kApi, 1)->body, 1);
  return metadata.value().brokers.at(0);
}

class ServerTest : public BrokerFixture {
 public:
  uint16_t port() {
    if (server_ == nullptr) {
      for (ListenerOptions& listener : server_options.listeners) listener.listen.port = 0;
      auto started = Server::start(broker(), server_options);
      if (!started) ADD_FAILURE() << started.error().message;
      server_ = *std::move(started);
    }
    return server_->advertised().front().port;
  }
  void TearDown() override {
    if (server_ != nullptr) server_->stop();
    BrokerFixture::TearDown();
  }
  Server& server() { return *server_; }

  ServerOptions server_options;

 private:
  std::unique_ptr<Server> server_;
};

TEST_F(ServerTest, TellsClientsWhereItIs) {
  const MetadataResponse::Broker broker = broker_in_metadata(port());
  EXPECT_EQ(broker.host, "127.0.0.1");
  EXPECT_EQ(broker.port, port());
}

TEST_F(ServerTest, WhatIsAdvertisedDependsOnTheListenerOfTheClient) {
  server_options.listeners = {{.name = "INTERNAL"},
                              {.name = "EXTERNAL", .advertised = {.host = "broker.example", .port = 19092}},
                              {.name = "OTHER", .listen = {.host = "0.0.0.0"}, .advertised = {.host = "omashu"}}};
  port();
  const std::vector<Endpoint> advertised = server().advertised();
  ASSERT_EQ(advertised.size(), 3u);
  EXPECT_EQ(advertised[0].host, "127.0.0.1");
  EXPECT_EQ(advertised[1].host, "broker.example");
  EXPECT_EQ(advertised[1].port, 19092);
  EXPECT_EQ(advertised[2].host, "omashu");
  // The listeners whose ports are known from what they advertise.
  for (const size_t i : {0, 2}) {
    const MetadataResponse::Broker broker = broker_in_metadata(advertised[i].port);
    EXPECT_EQ(broker.host, advertised[i].host);
    EXPECT_EQ(broker.port, advertised[i].port);
  }
}

TEST_F(ServerTest, AnErrorWithAcksNoneClosesTheConnectionAfterTheAnswersBefore) {
  create_topic("t");
  Client client(port());
  const std::string records = batch("v");
  const auto produce = [&](std::string_view topic, int16_t acks, int32_t correlation_id) {
    client.send_request(
        ProduceRequest{
            .acks = acks,
            .timeout_ms = 1000,
            .topics = {{.name = topic, .partitions = {{.index = PartitionId{0}, .records = BytesView{records}}}}}},
        9, correlation_id);
  };
  produce("t", 0, 1);
  produce("t", -1, 2);
  produce("none", 0, 3);
  produce("t", -1, 4);
  EXPECT_EQ(correlation_id(client.receive()), 2) << "acks=0 is never answered";
  EXPECT_EQ(client.receive(), "");
  EXPECT_EQ(broker().topics().find("t")->partitions[0]->log()->offsets()->log_end_offset, Offset{2});
}

TEST_F(ServerTest, AnswersComeInTheOrderOfTheRequests) {
  create_topic("t");
  Client client(port());
  const std::string records = batch("v");
  std::string requests;
  for (int32_t i = 0; i < 1000; ++i) {
    if (i % 3 == 0) {
      requests +=
          encode_request(ProduceRequest{.acks = static_cast<int16_t>(i % 2 == 0 ? -1 : 1),
                                        .topics = {{.name = "t", .partitions = {{.records = BytesView{records}}}}}},
                         7, i);
    } else {
      requests += encode_request(ApiVersionsRequest{}, 0, i);
    }
  }
  std::thread sender([&] { client.send(requests); });
  for (int32_t i = 0; i < 1000; ++i) ASSERT_EQ(correlation_id(client.receive()), i);
  sender.join();
}

TEST_F(ServerTest, AProduceWithoutAnswerHoldsUpNothing) {
  create_topic("t");
  Client client(port());
  const std::string records = batch("v");
  client.send_request(
      ProduceRequest{.acks = 0, .topics = {{.name = "t", .partitions = {{.records = BytesView{records}}}}}}, 7, 1);
  client.send_request(ApiVersionsRequest{}, 0, 2);
  EXPECT_EQ(correlation_id(client.receive()), 2);
}

TEST_F(ServerTest, LargeFetchesComeWhole) {
  create_topic("t");
  for (int i = 0; i < 8; ++i) append("t", std::string(900'000, static_cast<char>('a' + i)));
  Client client(port());
  for (int32_t round = 0; round < 3; ++round) {
    client.send_request(FetchRequest{.topics = {{.topic = "t", .partitions = {{.partition_max_bytes = 10 << 20}}}},
                                     .forgotten_topics_data = {}},
                        11, round);
  }
  for (int32_t round = 0; round < 3; ++round) {
    const std::string answer = client.receive();
    const auto frame = parse_response(answer, FetchRequest::kApi, 11);
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->correlation_id, round);
    const auto fetched = decode<FetchResponse>(frame->body, 11);
    ASSERT_TRUE(fetched) << fetched.error().message;
    std::string_view records = fetched->topics.at(0).partitions.at(0).records.data;
    int batches = 0;
    while (const auto one = RecordBatchView::parse(records)) {
      EXPECT_TRUE(one->has_valid_crc());
      EXPECT_EQ(one->header.base_offset, Offset{batches++});
      records.remove_prefix(one->bytes.size());
    }
    EXPECT_EQ(batches, 8);
  }
}

TEST_F(ServerTest, NonsenseClosesTheConnectionAndNoOther) {
  Client good(port());
  const std::string nonsense[] = {
      std::string("\xff\xff\xff\xff", 4),                                           // a negative size
      std::string("\x7f\xff\xff\xff", 4),                                           // a size above the bound
      std::string("\x00\x00\x00\x02\x00\x00", 6),                                   // no header
      std::string("\x00\x00\x00\x0a\x03\xe8\x00\x00\x00\x00\x00\x01\xff\xff", 14),  // no such API
      "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
  };
  for (const std::string& bytes : nonsense) {
    Client bad(port());
    bad.send(bytes);
    EXPECT_EQ(bad.receive(), "");
  }
  good.send_request(ApiVersionsRequest{}, 0, 1);
  EXPECT_EQ(correlation_id(good.receive()), 1);
}

TEST_F(ServerTest, ManyConnectionsAreServed) {
  std::vector<std::unique_ptr<Client>> clients;
  for (int32_t i = 0; i < 300; ++i) {
    clients.push_back(std::make_unique<Client>(port()));
    clients.back()->send_request(ApiVersionsRequest{}, 0, i);
  }
  for (int32_t i = 0; i < 300; ++i) EXPECT_EQ(correlation_id(clients[static_cast<size_t>(i)]->receive()), i);
}

TEST_F(ServerTest, RequestsThatAreStillComingShareTheirMemory) {
  server_options.max_unfinished_bytes = 1 << 20;
  create_topic("t", 1, {{.name = "max.message.bytes", .value = "10000000"}});
  const std::string records = batch(std::string(900'000, 'x'));
  std::vector<std::thread> threads;
  for (int t = 0; t < 6; ++t) {
    threads.emplace_back([&, at = port()] {
      Client client(at);
      for (int32_t i = 0; i < 5; ++i) {
        client.send_request(
            ProduceRequest{.acks = 1, .topics = {{.name = "t", .partitions = {{.records = BytesView{records}}}}}}, 7,
            i);
        EXPECT_EQ(correlation_id(client.receive()), i);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_F(ServerTest, AClientThatTakesNoAnswersIsReadNoMore) {
  create_topic("t", 500);
  Client client(port());
  const std::string one = encode_request(MetadataRequest{}, 1, 1);
  std::string requests;
  for (int i = 0; i < 20'000; ++i) requests += one;
  std::thread sender([&] { client.send(requests); });
  // Were all of them handled at once, their answers would take hundreds of megabytes; and none is lost.
  for (int i = 0; i < 20'000; ++i) ASSERT_EQ(correlation_id(client.receive()), 1);
  sender.join();
}

// The steady time stands still but for what a test lets pass.
class StoppedClock : public Clock {
 public:
  int64_t wall_ms() override { return system_clock().wall_ms(); }
  int64_t steady_ms() override { return now_ms; }

  std::atomic<int64_t> now_ms = 0;
};

class ServerLimitsTest : public ServerTest {
 public:
  ServerLimitsTest() { clock = &time; }

  static bool is_served(Client& client) {
    client.send_request(ApiVersionsRequest{}, 0, 7);
    return correlation_id(client.receive()) == 7;
  }
  static void send_part_of_a_request(Client& client) {
    client.send(encode_request(ApiVersionsRequest{}, 0, 1, "tester").substr(0, 10));
  }

  StoppedClock time;
};

TEST_F(ServerLimitsTest, ForANewConnectionTheOneThatIsIdleLongestIsClosedAndThatIsSaidOnce) {
  std::vector<std::string> reports;
  server_options.max_connections = 3;
  server_options.report = [&reports](const std::string& message) { reports.push_back(message); };
  std::vector<std::unique_ptr<Client>> clients;
  for (size_t i = 0; i < 5; ++i) {
    ++time.now_ms;
    clients.push_back(std::make_unique<Client>(port()));
    EXPECT_TRUE(is_served(*clients.back())) << i;
  }
  EXPECT_EQ(clients[0]->receive(), "");
  EXPECT_EQ(clients[1]->receive(), "");
  for (size_t i = 2; i < 5; ++i) EXPECT_TRUE(is_served(*clients[i])) << i;
  server().stop();
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_THAT(reports[0], testing::HasSubstr("the broker has all the 3 connections"));
}

TEST_F(ServerLimitsTest, ForANewConnectionOneThatSendsItsRequestSlowlyIsClosed) {
  server_options.max_connections = 2;
  Client slow(port());
  send_part_of_a_request(slow);
  ++time.now_ms;
  Client idle(port());
  EXPECT_TRUE(is_served(idle));
  ++time.now_ms;
  slow.send("x");
  Client third(port());
  EXPECT_TRUE(is_served(third));
  EXPECT_EQ(slow.receive(), "");
  EXPECT_TRUE(is_served(idle));
}

TEST_F(ServerLimitsTest, AConnectionWhoseFetchWaitsIsNotClosedForANewOne) {
  server_options.max_connections = 2;
  server_options.threads = 1;  // which reads the fetch before it accepts the next connection
  create_topic("t");
  Client waiting(port());
  waiting.send_request(ApiVersionsRequest{}, 0, 1);
  waiting.send_request(FetchRequest{.max_wait_ms = 60'000,
                                    .min_bytes = 1,
                                    .topics = {{.topic = "t", .partitions = {{.partition_max_bytes = 100}}}},
                                    .forgotten_topics_data = {}},
                       11, 2);
  EXPECT_EQ(correlation_id(waiting.receive()), 1);
  for (int i = 0; i < 3; ++i) {
    ++time.now_ms;
    Client next(port());
    EXPECT_TRUE(is_served(next));
  }
  append("t", "v");
  EXPECT_EQ(correlation_id(waiting.receive()), 2);
}

TEST_F(ServerLimitsTest, ARequestThatComesTooSlowlyIsGivenUp) {
  server_options.tick = std::chrono::milliseconds(1);
  Client slow(port());
  send_part_of_a_request(slow);
  Client quick(port());
  EXPECT_TRUE(is_served(quick));
  // Never silent for long.
  for (int i = 0; i < 4; ++i) {
    time.now_ms += 9'000;
    slow.send("x");
    EXPECT_TRUE(is_served(quick));
  }
  EXPECT_EQ(slow.receive(), "");
  EXPECT_TRUE(is_served(quick));
}

TEST_F(ServerTest, AnAddressThatIsTakenOrNoneIsAnError) {
  ServerOptions same;
  same.listeners.front().listen.port = port();
  const auto second = Server::start(broker(), same);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kAlreadyExists);
  EXPECT_THAT(second.error().message, testing::HasSubstr("127.0.0.1:" + std::to_string(port())));
  ServerOptions none;
  none.listeners.front().listen.host = "not an address";
  EXPECT_FALSE(Server::start(broker(), none));
}

// The first of them opens the log, away from the connection's thread.
TEST_F(ServerTest, RequestsThatWaitForTheDiskKeepTheirOrder) {
  create_topic("t");
  append("t", "first");
  crash();
  Client client(port());
  std::string requests;
  for (int i = 0; i < 50; ++i) {
    const std::string bytes = batch(std::to_string(i));
    const ProduceRequest produce{
        .acks = 1, .topics = {{.name = "t", .partitions = {{.index = PartitionId{0}, .records = BytesView{bytes}}}}}};
    requests += encode_request(produce, 8, 2 * i, "tester");
    const std::string name = "new-" + std::to_string(i);
    const CreateTopicsRequest create{.topics = {{.name = name, .num_partitions = 1, .replication_factor = 1}}};
    if (i % 10 == 5) requests += encode_request(create, 4, 2 * i + 1, "tester");
    if (i % 10 == 6) requests += encode_request(MetadataRequest{.topics = {}}, 1, 2 * i + 1, "tester");
  }
  client.send(requests);
  for (int i = 0; i < 50; ++i) {
    const std::string answer = client.receive();
    ASSERT_EQ(correlation_id(answer), 2 * i);
    const auto produced = decode<ProduceResponse>(parse_response(answer, ProduceRequest::kApi, 8)->body, 8);
    EXPECT_EQ(produced->topics.at(0).partitions.at(0).base_offset, Offset{i + 1});
    if (i % 10 == 5) {
      EXPECT_EQ(correlation_id(client.receive()), 2 * i + 1);
    }
    if (i % 10 != 6) continue;
    const std::string metadata = client.receive();
    ASSERT_EQ(correlation_id(metadata), 2 * i + 1);
    const auto decoded = decode<MetadataResponse>(parse_response(metadata, MetadataRequest::kApi, 1)->body, 1);
    EXPECT_EQ(decoded->topics.size(), static_cast<size_t>(i / 10 + 2)) << "with the topic that was made before";
  }
}

TEST_F(ServerTest, StoppingClosesTheConnectionsWhileFetchesWait) {
  create_topic("t");
  Client client(port());
  client.send_request(FetchRequest{.max_wait_ms = 60'000,
                                   .min_bytes = 1,
                                   .topics = {{.topic = "t", .partitions = {{.partition_max_bytes = 100}}}},
                                   .forgotten_topics_data = {}},
                      11, 1);
  server().stop();
  EXPECT_EQ(client.receive(), "");
}

}  // namespace
}  // namespace omashu::broker
