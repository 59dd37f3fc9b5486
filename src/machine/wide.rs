//! Functions compiled for several vector instruction sets.

/// Defines a function whose body is compiled for several instruction sets; a call uses the widest
/// that the processor has. What the body calls has to be `inline(always)` to be compiled for them
/// too.
macro_rules! wide {
    ($(#[$doc:meta])* $visible:vis fn $name:ident<'a $(, $number:ident: $bound:ident)?>($($argument:ident: $kind:ty),* $(,)?) $(-> $result:ty)? $body:block) => {
        $(#[$doc])*
        $visible fn $name<'a $(, $number: $bound)?>($($argument: $kind),*) $(-> $result)? {
            struct Call<'a $(, $number)?> {
                $($argument: $kind,)*
                lifetime: std::marker::PhantomData<fn(&'a () $(, $number)?)>,
            }
            impl<'a $(, $number: $bound)?> pulp::NullaryFnOnce for Call<'a $(, $number)?> {
                type Output = crate::machine::wide!(@result $($result)?);

                #[inline(always)]
                fn call(self) -> Self::Output {
                    let Call { $($argument,)* .. } = self;
                    $body
                }
            }
            pulp::Arch::new().dispatch(Call { $($argument,)* lifetime: std::marker::PhantomData })
        }
    };
    (@result) => { () };
    (@result $result:ty) => { $result };
}

pub(crate) use wide;
