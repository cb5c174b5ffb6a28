#include "cli/server/kafka_listeners.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::cli {
namespace {

using broker::ListenerOptions;
using ::testing::HasSubstr;

std::string problem_of(const KafkaListenerArguments& arguments) {
  const auto listeners = kafka_listeners(arguments);
  if (listeners) return "";
  EXPECT_EQ(listeners.error().code, ErrorCode::kInvalidArgument);
  return listeners.error().message;
}

void expect_listener(const ListenerOptions& listener, const std::string& name, const std::string& listen,
                     const std::string& advertised) {
  EXPECT_EQ(listener.name, name);
  EXPECT_EQ(endpoint_text(listener.listen), listen);
  EXPECT_EQ(endpoint_text(listener.advertised), advertised);
}

TEST(KafkaListenersTest, WithoutArgumentsItListensOnThisMachineAlone) {
  const auto listeners = kafka_listeners({});
  ASSERT_TRUE(listeners) << listeners.error().message;
  ASSERT_EQ(listeners->size(), 1u);
  expect_listener(listeners->front(), "PLAINTEXT", "127.0.0.1:9092", ":0");
}

TEST(KafkaListenersTest, TheShortFormIsTheListenerPlaintext) {
  const auto host =
      kafka_listeners({.kafka = "0.0.0.0:19092", .advertised_host = "kafka", .may_listen_anywhere = true});
  ASSERT_TRUE(host) << host.error().message;
  expect_listener(host->front(), "PLAINTEXT", "0.0.0.0:19092", "kafka:0");
  const auto whole = kafka_listeners(
      {.kafka = "[::]:9092", .advertised_listeners = {"plaintext://broker.example:80"}, .may_listen_anywhere = true});
  ASSERT_TRUE(whole) << whole.error().message;
  expect_listener(whole->front(), "PLAINTEXT", "[::]:9092", "broker.example:80");
}

TEST(KafkaListenersTest, EachListenerHasItsOwnPlaceAndItsOwnWords) {
  const auto listeners = kafka_listeners({.listeners = {"HOST://127.0.0.1:9092", "docker://0.0.0.0:29092"},
                                          .advertised_listeners = {"DOCKER://omashu:29092"},
                                          .may_listen_anywhere = true});
  ASSERT_TRUE(listeners) << listeners.error().message;
  ASSERT_EQ(listeners->size(), 2u);
  expect_listener(listeners->at(0), "HOST", "127.0.0.1:9092", ":0");
  expect_listener(listeners->at(1), "DOCKER", "0.0.0.0:29092", "omashu:29092");
  EXPECT_TRUE(is_reachable_here(listeners->at(0)));
  EXPECT_FALSE(is_reachable_here(listeners->at(1)));
}

TEST(KafkaListenersTest, TwoAddressesMayShareAPort) {
  EXPECT_EQ(problem_of({.listeners = {"A://127.0.0.1:9092", "B://127.0.0.2:9092", "C://[::1]:9092"}}), "");
  EXPECT_EQ(problem_of({.listeners = {"A://127.0.0.1:0", "B://127.0.0.1:0"}}), "");
}

TEST(KafkaListenersTest, AnUnspecifiedAddressNeedsSomethingToAdvertise) {
  EXPECT_THAT(problem_of({.kafka = "0.0.0.0:9092", .may_listen_anywhere = true}), HasSubstr("--advertised-host HOST"));
  for (const std::string host : {"0.0.0.0", "[::]", "[0:0:0::0]", "*", ""}) {
    EXPECT_THAT(problem_of({.listeners = {"A://" + host + ":9092"}, .may_listen_anywhere = true}),
                HasSubstr("--advertised-listener A://HOST:PORT"))
        << host;
  }
  EXPECT_THAT(problem_of({.listeners = {"A://127.0.0.1:9092"}, .advertised_listeners = {"A://0.0.0.0:9092"}}),
              HasSubstr("no client can connect to 0.0.0.0"));
}

TEST(KafkaListenersTest, DuplicatesAreRefused) {
  EXPECT_THAT(problem_of({.listeners = {"A://127.0.0.1:1", "a://127.0.0.1:2"}}), HasSubstr("two named A"));
  EXPECT_THAT(problem_of({.listeners = {"A://127.0.0.1:1", "B://127.0.0.1:1"}}),
              HasSubstr("A listens on port 1 already"));
  EXPECT_THAT(problem_of({.listeners = {"A://127.0.0.1:1", "B://0.0.0.0:1"},
                          .advertised_listeners = {"B://b:1"},
                          .may_listen_anywhere = true}),
              HasSubstr("A listens on port 1 already"));
  EXPECT_THAT(problem_of({.listeners = {"A://127.0.0.1:1"}, .advertised_listeners = {"A://b:1", "A://c:1"}}),
              HasSubstr("was said before"));
  EXPECT_THAT(problem_of({.advertised_host = "b", .advertised_listeners = {"PLAINTEXT://b:1"}}),
              HasSubstr("was said before"));
}

TEST(KafkaListenersTest, AnAdvertisedListenerMustBeOne) {
  EXPECT_THAT(problem_of({.listeners = {"A://127.0.0.1:1"}, .advertised_listeners = {"B://b:1"}}),
              HasSubstr("there is no listener B"));
}

TEST(KafkaListenersTest, OtherProtocolsAreRefused) {
  for (const std::string protocol : {"SSL", "sasl_ssl", "SASL_PLAINTEXT"}) {
    EXPECT_THAT(problem_of({.listeners = {protocol + "://127.0.0.1:9092"}}), HasSubstr("PLAINTEXT alone")) << protocol;
  }
}

TEST(KafkaListenersTest, WhatIsNoListenerIsNamed) {
  for (const std::string text : {"", "127.0.0.1:9092", "://127.0.0.1:9092", "A B://127.0.0.1:9092", "A:/127.0.0.1:1"}) {
    EXPECT_THAT(problem_of({.listeners = {text}}), HasSubstr("--listener " + text + ": give NAME://HOST:PORT"));
  }
  for (const std::string text : {"A://127.0.0.1", "A://127.0.0.1:x", "A://127.0.0.1:65536", "A://::1:1", "A://"}) {
    EXPECT_THAT(problem_of({.listeners = {text}}), HasSubstr(text));
  }
}

TEST(KafkaListenersTest, OtherMachinesAreLetInOnlyWhereThatIsSaid) {
  EXPECT_THAT(problem_of({.kafka = "10.0.0.1:9092"}), HasSubstr("--insecure-listen"));
  EXPECT_THAT(problem_of({.listeners = {"A://10.0.0.1:9092"}}), HasSubstr("--insecure-listen"));
  EXPECT_EQ(problem_of({.listeners = {"A://10.0.0.1:9092"}, .may_listen_anywhere = true}), "");
}

TEST(KafkaListenersTest, TheShortFormAndTheLongOneDoNotMix) {
  EXPECT_THAT(problem_of({.kafka = "127.0.0.1:1", .listeners = {"A://127.0.0.1:2"}}), HasSubstr("--kafka is short"));
  EXPECT_THAT(problem_of({.advertised_host = "h", .listeners = {"A://127.0.0.1:2"}}),
              HasSubstr("--advertised-host belongs to --kafka"));
}

}  // namespace
}  // namespace omashu::cli
