# Compiler options as INTERFACE targets, so that nothing is global but the sanitizers,
# which only work when every object has them.
add_library(eventscope_warnings INTERFACE)
target_compile_options(eventscope_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual
    -Wcast-align -Wimplicit-fallthrough
    -Wno-missing-field-initializers # designated initialisers leave the rest at their defaults on purpose
    $<$<BOOL:${EVENTSCOPE_WERROR}>:-Werror>)

# Some packages ask for it and some do not; precompiled headers fit only if all targets agree.
add_compile_options(-pthread)

if(EVENTSCOPE_SANITIZE)
    add_compile_options(-fsanitize=${EVENTSCOPE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${EVENTSCOPE_SANITIZE})
endif()

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    # Without this ccache keeps nothing that was compiled with precompiled headers.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
    set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
endif()

# Test programs are large and linked often.
find_program(MOLD mold)
if(MOLD AND CMAKE_BUILD_TYPE STREQUAL "Debug")
    add_link_options(-fuse-ld=mold)
endif()

# Qt code forbids the implicit conversions that lose text encodings.
function(eventscope_qt_definitions target scope)
    target_compile_definitions(${target} ${scope}
        QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_KEYWORDS QT_DISABLE_DEPRECATED_BEFORE=0x060400)
endfunction()
