# The static librdkafka of scripts/build-librdkafka as RdKafka::rdkafka. A system's own is not used: what the script
# mends is in all of them.

include(FindPackageHandleStandardArgs)

set(RdKafka_VERSION 2.8.0)
set(patched 2.8.0-patch6)
if(DEFINED ENV{XDG_CACHE_HOME})
  set(cache $ENV{XDG_CACHE_HOME}/omashu)
else()
  set(cache $ENV{HOME}/.cache/omashu)
endif()
unset(RdKafka_LIBRARY CACHE)
find_library(RdKafka_LIBRARY NAMES librdkafka.a PATHS ${cache}/librdkafka-${patched}/lib NO_DEFAULT_PATH NO_CACHE)
if(RdKafka_LIBRARY AND NOT TARGET RdKafka::rdkafka)
  find_package(Threads REQUIRED)
  find_package(OpenSSL REQUIRED)
  find_package(CURL REQUIRED)
  find_package(ZLIB REQUIRED)
  add_library(RdKafka::rdkafka STATIC IMPORTED)
  set_target_properties(RdKafka::rdkafka PROPERTIES
    IMPORTED_LOCATION ${RdKafka_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${cache}/librdkafka-${patched}/include
    INTERFACE_LINK_LIBRARIES
      "OpenSSL::SSL;OpenSSL::Crypto;CURL::libcurl;ZLIB::ZLIB;sasl2;zstd;lz4;Threads::Threads;${CMAKE_DL_LIBS};m")
endif()

find_package_handle_standard_args(RdKafka
  REQUIRED_VARS RdKafka_LIBRARY
  VERSION_VAR RdKafka_VERSION
  REASON_FAILURE_MESSAGE "the librdkafka of scripts/build-librdkafka is missing: run scripts/install-deps")
