// Typed records in both directions: sends one status of a download, then reads the topic.
//
//   typed_records BOOTSTRAP_SERVERS REGISTRY_URL TOPIC

#include <iostream>
#include <string>

#include "omashu/typed_consumer.h"
#include "omashu/typed_producer.h"

constexpr const char* kStatus = R"({"type": "record", "name": "Status", "fields": [
    {"name": "state", "type": {"type": "enum", "name": "State", "symbols": ["QUEUED", "RUNNING", "COMPLETED"]}},
    {"name": "bytes", "type": ["null", "long"], "default": null}]})";

int report(const std::string& message) {
  std::cerr << "typed_records: " << message << '\n';
  return 1;
}

int main(int argc, char** argv) {
  if (argc != 4) return report("give the bootstrap servers, the registry's URL and a topic");
  omashu::ClientOptions options;
  options.bootstrap_servers = argv[1];
  options.registry_urls = {argv[2]};
  const std::string topic = argv[3];

  auto producer = omashu::TypedProducer::open(options, topic, omashu::PayloadFormat::plain_text(),
                                              omashu::PayloadFormat::avro(kStatus));
  if (!producer) return report(producer.error().message);
  const auto sent = producer->send_and_wait({.key = "om-1", .value = R"({"state": "RUNNING", "bytes": 1024})"});
  if (!sent) return report(sent.error().message);
  std::cout << "sent " << sent->topic << '-' << sent->partition << '-' << sent->offset << '\n';

  auto consumer = omashu::TypedConsumer::open(options, {.group = topic + "-reader", .topics = {topic}});
  if (!consumer) return report(consumer.error().message);
  const auto record = consumer->poll(options.timeout);
  if (!record) return report(record.error().message);
  if (!*record) return report("nothing to read in " + topic);
  std::cout << "read " << (*record)->key.value_or("no key") << ' ' << (*record)->value.value_or("a tombstone") << '\n';
  const auto committed = consumer->commit();
  return committed ? 0 : report(committed.error().message);
}
