# Compiler options as INTERFACE targets, so that nothing is global but the sanitizers,
# which only work when every object has them.
add_library(eventscope_warnings INTERFACE)
target_compile_options(eventscope_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual
    -Wcast-align -Wimplicit-fallthrough
    -Wno-missing-field-initializers # designated initialisers leave the rest at their defaults on purpose
    $<$<BOOL:${EVENTSCOPE_WERROR}>:-Werror>)

if(EVENTSCOPE_SANITIZE)
    add_compile_options(-fsanitize=${EVENTSCOPE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${EVENTSCOPE_SANITIZE})
endif()

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
    set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
endif()

# Test programs are large and linked often.
find_program(MOLD mold)
if(MOLD AND CMAKE_BUILD_TYPE STREQUAL "Debug")
    add_link_options(-fuse-ld=mold)
endif()

option(EVENTSCOPE_TIDY "Run clang-tidy while compiling" OFF)
if(EVENTSCOPE_TIDY)
    find_program(CLANG_TIDY NAMES clang-tidy-19 clang-tidy-18 clang-tidy-16 clang-tidy REQUIRED)
    set(CMAKE_CXX_CLANG_TIDY ${CLANG_TIDY} --quiet)
endif()
