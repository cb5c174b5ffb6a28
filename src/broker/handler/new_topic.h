// What a topic must be to be created, by a CreateTopics or by itself when a client first names it.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "broker/protocol/refusal.h"
#include "broker/topic/topic_store.h"

namespace omashu::broker {

class Broker;

// An illegal name, one that is taken, or one that collides with another's in the names of metrics.
std::optional<Refusal> name_refusal(const TopicStore& topics, std::string_view name);

// Makes a topic of the broker's defaults because a client named it. nullptr where that cannot be.
TopicPtr create_automatically(Broker& broker, std::string_view name);

}  // namespace omashu::broker
