# librdkafka 2.6.1 or later as RdKafka::rdkafka: the system's, else the static one of scripts/build-librdkafka.
# (Older ones fail SCRAM against Kafka 4 and have no IncrementalAlterConfigs.)

include(FindPackageHandleStandardArgs)
set(oldest_usable 2.6.1)

find_package(PkgConfig QUIET)
if(PKG_CONFIG_FOUND)
  pkg_check_modules(RDKAFKA_SYSTEM QUIET IMPORTED_TARGET rdkafka>=${oldest_usable})
endif()

if(RDKAFKA_SYSTEM_FOUND)
  set(RdKafka_VERSION ${RDKAFKA_SYSTEM_VERSION})
  set(RdKafka_LIBRARY ${RDKAFKA_SYSTEM_LINK_LIBRARIES})
  if(NOT TARGET RdKafka::rdkafka)
    add_library(RdKafka::rdkafka ALIAS PkgConfig::RDKAFKA_SYSTEM)
  endif()
else()
  set(RdKafka_VERSION 2.8.0)
  if(DEFINED ENV{XDG_CACHE_HOME})
    set(cache $ENV{XDG_CACHE_HOME}/omashu)
  else()
    set(cache $ENV{HOME}/.cache/omashu)
  endif()
  find_library(RdKafka_LIBRARY NAMES librdkafka.a PATHS ${cache}/librdkafka-${RdKafka_VERSION}/lib NO_DEFAULT_PATH)
  mark_as_advanced(RdKafka_LIBRARY)
  if(RdKafka_LIBRARY AND NOT TARGET RdKafka::rdkafka)
    find_package(Threads REQUIRED)
    find_package(OpenSSL REQUIRED)
    find_package(CURL REQUIRED)
    find_package(ZLIB REQUIRED)
    add_library(RdKafka::rdkafka STATIC IMPORTED)
    set_target_properties(RdKafka::rdkafka PROPERTIES
      IMPORTED_LOCATION ${RdKafka_LIBRARY}
      INTERFACE_INCLUDE_DIRECTORIES ${cache}/librdkafka-${RdKafka_VERSION}/include
      INTERFACE_LINK_LIBRARIES
        "OpenSSL::SSL;OpenSSL::Crypto;CURL::libcurl;ZLIB::ZLIB;sasl2;zstd;lz4;Threads::Threads;${CMAKE_DL_LIBS};m")
  endif()
endif()

find_package_handle_standard_args(RdKafka
  REQUIRED_VARS RdKafka_LIBRARY
  VERSION_VAR RdKafka_VERSION
  REASON_FAILURE_MESSAGE "librdkafka ${oldest_usable} or later is missing: run scripts/install-deps")
