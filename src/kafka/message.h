// librdkafka's message as ours. Private to this folder.

#pragma once

#include "kafka/types.h"

struct rd_kafka_message_s;

namespace omashu::kafka {

// Copies it; `message` carries no error.
Message copy_message(const rd_kafka_message_s& message);

// The same over what `copy` held, whose memory it uses.
void copy_message(const rd_kafka_message_s& message, Message& copy);

}  // namespace omashu::kafka
