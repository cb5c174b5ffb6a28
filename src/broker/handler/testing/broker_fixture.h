// A broker in a folder on the disk, and a client that calls its handlers through encoded frames, without sockets.

#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <utility>

#include "base/testing/scratch_folder.h"
#include "broker/handler/broker.h"
#include "broker/handler/dispatch.h"
#include "broker/log/record_batch_builder.h"
#include "broker/protocol/19_create_topics.h"
#include "broker/protocol/frame.h"

namespace omashu::broker {

// The frame of an answer, whose message views it.
template <class Message>
struct Received {
  std::string frame;
  Message message;

  const Message* operator->() const { return &message; }
  const Message& operator*() const { return message; }
};

class BrokerFixture : public testing::Test {
 public:
  BrokerFixture() { options.data_folder = scratch_.path() + "/data"; }

  // While what the test gave it (its clock, say) is still there.
  void TearDown() override { broker_.reset(); }

  BrokerOptions options;
  Clock* clock = &system_clock();
  FileSystem* file_system = &real_file_system();

  Broker& broker() {
    if (broker_ == nullptr) open();
    return *broker_;
  }
  void open() {
    const auto opened = try_open();
    ASSERT_TRUE(opened) << opened.error().message;
    broker_->groups().wait_until_restored();
  }
  Result<void> try_open() {
    auto opened = Broker::open(options, *file_system, *clock);
    if (!opened) return fail(std::move(opened).error());
    broker_ = *std::move(opened);
    return {};
  }
  void stop() {
    ASSERT_TRUE(broker_->close());
    broker_.reset();
  }
  void restart() {
    ASSERT_NO_FATAL_FAILURE(stop());
    open();
  }
  void kill() { broker_.reset(); }
  void crash() {
    kill();
    open();
  }

  // The answer to come, as it goes over the wire but for the four bytes of its size; "" where there is none.
  template <class Request>
  std::future<std::string> send(const Request& request, int16_t version) {
    std::string frame = encode_request(request, version, kCorrelationId, "tester").substr(4);
    auto answered = std::make_shared<std::promise<std::string>>();
    auto future = answered->get_future();
    const auto sent = dispatch(broker(), peer_, frame, [answered](std::optional<Answer> answer) {
      answered->set_value(answer ? bytes_of(*answer) : "");
    });
    if (!sent) ADD_FAILURE() << sent.error().message;
    return future;
  }

  template <class Request>
  static Received<typename Request::Response> receive(std::future<std::string>& answer, int16_t version) {
    using Response = typename Request::Response;
    Received<Response> received;
    if (answer.wait_for(std::chrono::seconds(30)) != std::future_status::ready) {
      ADD_FAILURE() << "no answer";
      return received;
    }
    received.frame = answer.get();
    const auto frame = parse_response(received.frame, Request::kApi, version);
    if (!frame) {
      ADD_FAILURE() << frame.error().message;
      return received;
    }
    EXPECT_EQ(frame->correlation_id, kCorrelationId);
    auto message = decode<Response>(frame->body, version);
    if (!message) {
      ADD_FAILURE() << message.error().message;
      return received;
    }
    received.message = *std::move(message);
    return received;
  }

  template <class Request>
  Received<typename Request::Response> call(const Request& request, int16_t version = Request::kApi.versions.max) {
    auto answer = send(request, version);
    return receive<Request>(answer, version);
  }

  void create_topic(std::string_view name, int32_t partitions = 1,
                    std::vector<CreateTopicsRequest::Config> configs = {}) {
    const auto created = call(CreateTopicsRequest{.topics = {{.name = name,
                                                              .num_partitions = partitions,
                                                              .replication_factor = 1,
                                                              .assignments = {},
                                                              .configs = std::move(configs)}}});
    ASSERT_EQ(created->topics.at(0).error_code, KafkaError::kNone) << *created->topics[0].error_message;
  }

  void create_internal_topic() {
    std::vector<TopicStore::NewTopic> internal;
    internal.push_back({std::string(Topic::kConsumerOffsets), 1, {}});
    ASSERT_TRUE(broker().topics().create(std::move(internal)));
  }

  static std::string batch(std::string_view value, std::optional<std::string_view> key = "k") {
    const int64_t now_ms = system_clock().wall_ms();
    return RecordBatchBuilder(now_ms).add(key, value, now_ms).build();
  }

  // Straight into the log, as a client's Produce would.
  AppendResult append(std::string_view topic, std::string_view value, int32_t partition = 0) {
    std::string bytes = batch(value);
    return broker()
        .topics()
        .find(topic)
        ->partitions.at(static_cast<size_t>(partition))
        ->append(bytes, {.now_ms = system_clock().wall_ms()});
  }

  // From here on, no change of the topics comes to the disk.
  void make_topic_file_unwritable() {
    ASSERT_TRUE(real_file_system().create_folder(options.data_folder + "/topics.json.new"));
  }

 private:
  static constexpr int32_t kCorrelationId = 77;

  static std::string bytes_of(const Answer& answer) {
    std::string bytes = answer.frame.bytes;
    EXPECT_EQ(answer.slices.size(), answer.frame.gaps.size());
    for (size_t i = answer.slices.size(); i-- > 0;) {
      const FileSlice& slice = answer.slices[i];
      std::string records(slice.size_bytes, '\0');
      EXPECT_TRUE(slice.file->read_all(slice.position, records));
      bytes.insert(answer.frame.gaps[i].position, records);
    }
    EXPECT_EQ(bytes.size(), answer.frame.size_bytes());
    return bytes.substr(4);
  }

  const ScratchFolder scratch_;
  const Peer peer_{
      .host = "127.0.0.1", .listener = "PLAINTEXT", .advertised = {.host = "broker.example", .port = 9092}};
  std::unique_ptr<Broker> broker_;
};

}  // namespace omashu::broker
