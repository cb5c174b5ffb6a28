#include "broker/protocol/01_fetch.h"

#include "broker/protocol/message_codec.h"

namespace omashu::broker {

template struct MessageCodec<FetchRequest>;
template struct MessageCodec<FetchResponse>;

}  // namespace omashu::broker
